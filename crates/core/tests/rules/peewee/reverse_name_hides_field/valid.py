from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Shop(BaseModel):
    orders = IntegerField(default=0)


class Purchase(BaseModel):
    shop = ForeignKeyField(Shop, backref="purchases")
