from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Author(BaseModel):
    name = CharField()


class Book(BaseModel):
    title = CharField(200)
    subtitle = CharField(max_length=20, null=True)
    authors = ManyToManyField(Author, backref="books")
    pages = IntegerField(True)
    stamp = TimestampField(utc=True, resolution=3)
    editor = ForeignKeyField(Author, on_delete="CASCADE", backref="edited")
