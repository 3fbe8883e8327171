from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class City(BaseModel):
    name = CharField()


class Report(BaseModel):
    filter_text = CharField(column_name="filter")
    city = ForeignKeyField(City, backref="selected")
