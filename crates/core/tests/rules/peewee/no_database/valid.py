from peewee import *

db = SqliteDatabase("app.db")


class BaseModel(Model):
    class Meta:
        database = db


class User(BaseModel):
    name = CharField()


class Group(Model):
    name = CharField()


db.bind([Group])
db.create_tables([User, Group])
