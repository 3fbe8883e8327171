from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Item(BaseModel):
    name = CharField()

    class Meta:
        table_name = "items"
        legacy_table_names = False
        json_key = "item"
