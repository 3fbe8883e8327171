from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Book(BaseModel):
    title = CharField()

    class Meta:
        table_name = "books"
