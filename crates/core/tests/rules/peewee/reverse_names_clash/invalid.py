# expect: advice
# expect: advice
# expect: advice
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class City(BaseModel):
    name = CharField()


class Flight(BaseModel):
    origin = ForeignKeyField(City)
    destination = ForeignKeyField(City)
    stops = ManyToManyField(City, backref="visits")
    home = ForeignKeyField(City, backref="visits")


class Train(BaseModel):
    origin = ForeignKeyField(City, backref="trips")


class Ship(BaseModel):
    origin = ForeignKeyField(City, backref="trips")
