# expect: OperationalError
# expect: OperationalError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Author(BaseModel):
    name = CharField()


class Book(BaseModel):
    author = ForeignKeyField(Author)
    author_id = IntegerField()
    title = CharField()
    Title = TextField()
