# expect: DeprecationWarning
# expect: DeprecationWarning
# expect: DeprecationWarning
# expect: DeprecationWarning
# expect: DeprecationWarning
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Author(BaseModel):
    name = CharField()


class Book(BaseModel):
    number = PrimaryKeyField()
    title = CharField(db_column="book_title")
    author = ForeignKeyField(Author, related_name="books")
    editor = ForeignKeyField(Author, backref="edited", to_field="id")

    class Meta:
        db_table = "books"
