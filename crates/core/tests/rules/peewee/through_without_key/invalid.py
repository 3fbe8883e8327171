# expect: ValueError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Group(BaseModel):
    name = CharField()


class Membership(BaseModel):
    group = ForeignKeyField(Group)


class User(BaseModel):
    groups = ManyToManyField(Group, through_model=Membership)
