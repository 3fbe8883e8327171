# expect: KeyError
# expect: KeyError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Author(BaseModel):
    name = CharField()


class Book(BaseModel):
    author = ForeignKeyField(Author)
    title = CharField()

    class Meta:
        primary_key = CompositeKey("author_id", "titel")
