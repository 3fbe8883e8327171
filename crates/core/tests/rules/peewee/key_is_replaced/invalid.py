# expect: advice
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Item(BaseModel):
    id = IntegerField()
    name = CharField()
