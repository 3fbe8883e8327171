# expect: AttributeError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Seat(BaseModel):
    row = CharField(unique=True)
    number = IntegerField()

    class Meta:
        primary_key = False


class Ticket(BaseModel):
    seat = ForeignKeyField(Seat)
