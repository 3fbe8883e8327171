# expect: KeyError
# expect: KeyError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Person(BaseModel):
    first_name = CharField()
    last_name = CharField()

    class Meta:
        indexes = (
            (("first_name", "surname"), True),
            (("lastname",), False),
        )
