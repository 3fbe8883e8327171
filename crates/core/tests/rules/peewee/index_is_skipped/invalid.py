# expect: advice
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Shop(BaseModel):
    item_code = CharField(index=True)


class Shop_item(BaseModel):
    code = CharField(unique=True)
