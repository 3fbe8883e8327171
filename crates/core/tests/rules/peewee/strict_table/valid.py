from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Note(BaseModel):
    title = TextField()
    size = IntegerField()
    weight = FloatField()

    class Meta:
        strict_tables = True
