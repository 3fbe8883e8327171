from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Author(BaseModel):
    name = CharField()


class Book(BaseModel):
    author = ForeignKeyField(Author, null=True, on_delete="SET NULL")
    editor = ForeignKeyField(Author, backref="edited", on_update="cascade", on_delete="No Action")
