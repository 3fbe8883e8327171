# expect: OperationalError
# expect: OperationalError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Note(BaseModel):
    title = CharField()
    text = TextField()
    extra = BareField()

    class Meta:
        strict_tables = True
