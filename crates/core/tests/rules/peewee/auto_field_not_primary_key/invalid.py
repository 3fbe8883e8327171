# expect: ValueError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Thing(BaseModel):
    number = AutoField(primary_key=False)
