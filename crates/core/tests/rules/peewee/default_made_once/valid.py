from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


import datetime


class Event(BaseModel):
    at = DateTimeField(default=datetime.datetime.now)
    day = DateField(default=datetime.date(2024, 1, 1))
    tags = JSONField(default=list)
    size = IntegerField(default=3)
