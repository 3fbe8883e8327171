# expect: advice
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Timestamps:
    created = DateTimeField(null=True)
    changed = DateTimeField(null=True)


class Post(Timestamps, BaseModel):
    text = TextField()
