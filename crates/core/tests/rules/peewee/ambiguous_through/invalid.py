# expect: advice
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class City(BaseModel):
    name = CharField()


Through = DeferredThroughModel()


class Person(BaseModel):
    cities = ManyToManyField(City, through_model=Through)


class Visit(BaseModel):
    person = ForeignKeyField(Person, backref="visits")
    guide = ForeignKeyField(Person, backref="guided")
    city = ForeignKeyField(City)

    class Meta:
        indexes = [(("person", "city"), True)]


Through.set_model(Visit)
