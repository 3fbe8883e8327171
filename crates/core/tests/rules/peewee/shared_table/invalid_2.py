# expect: advice
# expect: advice
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Tag(BaseModel):
    name = CharField()


class TAG(BaseModel):
    colour = CharField()


class Label(BaseModel):
    name = TextField()

    class Meta:
        table_name = "Tag"
