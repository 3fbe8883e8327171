# expect: NameError
# expect: NameError
# expect: NameError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Book(BaseModel):
    author = ForeignKeyField(Author)
    parent = ForeignKeyField(Book, backref="parts")
    cover = ImageFeild()


class Author(BaseModel):
    name = CharField()
