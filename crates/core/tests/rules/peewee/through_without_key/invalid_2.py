# expect: ValueError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Tag(BaseModel):
    name = CharField()


class Post(BaseModel):
    tags = ManyToManyField(Tag)
    title = CharField()


class Draft(Post):
    pass
