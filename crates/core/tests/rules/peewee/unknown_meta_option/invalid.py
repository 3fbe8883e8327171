# expect: advice
# expect: advice
# expect: advice
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Item(BaseModel):
    name = CharField()

    class Meta:
        tablename = "items"
        unique_together = (("name", "id"),)
        indexs = [(("name",), True)]
