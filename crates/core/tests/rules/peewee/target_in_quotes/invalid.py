# expect: AttributeError
# expect: AttributeError
# expect: AttributeError
# expect: AttributeError
# expect: AttributeError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Author(BaseModel):
    name = CharField()


class Book(BaseModel):
    author = ForeignKeyField("Author")
    sequel = ForeignKeyField("Book", backref="prequels")
    shelf = ForeignKeyField("Shelf")
    editors = ManyToManyField("Author", backref="edited")
    similar = ManyToManyField("self", backref="alike")


class Shelf(BaseModel):
    label = CharField()
