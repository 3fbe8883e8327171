from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Group(BaseModel):
    name = CharField()


Through = DeferredThroughModel()


class User(BaseModel):
    name = CharField()
    groups = ManyToManyField(Group, through_model=Through)


class Membership(BaseModel):
    group = ForeignKeyField(Group)
    user = ForeignKeyField(User)

    class Meta:
        primary_key = CompositeKey("group", "user")


Through.set_model(Membership)
