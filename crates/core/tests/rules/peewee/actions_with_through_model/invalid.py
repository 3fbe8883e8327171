# expect: ValueError
# expect: TypeError
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
    name = CharField()
    groups = ManyToManyField(Group, through_model=DeferredThroughModel(), on_delete="CASCADE")
    teams = ManyToManyField(Group, through_model="Membership", backref="players")
