from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Author(BaseModel):
    name = CharField()


class Book(BaseModel):
    number = AutoField()
    title = CharField(column_name="book_title")
    author = ForeignKeyField(Author, backref="books")
    later = DeferredForeignKey("Later", related_name="books")

    class Meta:
        table_name = "books"
