# expect: OperationalError
# expect: OperationalError
# expect: OperationalError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Nothing(BaseModel):
    class Meta:
        primary_key = False
        schema = "other"
        without_rowid = True
