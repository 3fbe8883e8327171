from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class City(BaseModel):
    name = CharField()


class Flight(BaseModel):
    origin = ForeignKeyField(City, backref="departures")
    destination = ForeignKeyField(City, backref="arrivals")
    via = ForeignKeyField(City, backref="+")
    stops = ManyToManyField(City, backref="visits")
