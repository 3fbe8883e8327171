from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Group(BaseModel):
    name = CharField()


class User(BaseModel):
    name = CharField()
    groups = ManyToManyField(Group, on_delete="CASCADE")
