# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Author(BaseModel):
    name = CharField()


class Book(BaseModel):
    title = TextField(max_length=200)
    subtitle = CharField(max_lenght=20)
    authors = ManyToManyField(Author, related_name="books")
    pages = IntegerField(True, null=True)
    data = JSONField(None, None, True)
    editor = ForeignKeyField(Author, on_remove="CASCADE")
