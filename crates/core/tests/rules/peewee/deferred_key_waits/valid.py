from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Trip(BaseModel):
    city = DeferredForeignKey("City", null=True)
    guide = DeferredForeignKey("Guide", backref="trips")


class City(BaseModel):
    name = CharField()


class Guide(BaseModel):
    name = CharField()
