# expect: OperationalError
# expect: OperationalError
# expect: OperationalError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Thing(BaseModel):
    number = IdentityField()

    class Meta:
        table_name = "sqlite_things"
        options = {"engine": "InnoDB"}
