from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class City(BaseModel):
    name = CharField()


class Place(BaseModel):
    city = ForeignKeyField(City, on_delete="CASCADE")
