from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Author(BaseModel):
    name = CharField()


class Person(BaseModel):
    first_name = CharField()
    mother = ForeignKeyField("self", null=True)

    class Meta:
        indexes = (
            (("first_name", "mother"), True),
            (("mother_id", "first_name"), False),
        )
