from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


from playhouse.postgres_ext import ArrayField, BinaryJSONField


class UpperField(CharField):
    pass


class Place(BaseModel):
    name = UpperField()
    tags = ArrayField(CharField)
    data = BinaryJSONField()
