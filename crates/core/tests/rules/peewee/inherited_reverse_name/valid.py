from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class City(BaseModel):
    name = CharField()


class Place(BaseModel):
    city = ForeignKeyField(City, backref=lambda field: f"{field.model._meta.name}_places")


class Bar(Place):
    name = CharField()


class Inn(Place):
    city = ForeignKeyField(City, backref="inns")
