from peewee import *

db = SqliteDatabase("app.db")


class BaseModel(Model):
    class Meta:
        database = db


class City(BaseModel):
    name = CharField()


class Place(BaseModel):
    city = ForeignKeyField(City)
