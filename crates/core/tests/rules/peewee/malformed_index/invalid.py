# expect: KeyError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Person(BaseModel):
    first = CharField()
    last = CharField()

    class Meta:
        indexes = (("first", "last"), True)
