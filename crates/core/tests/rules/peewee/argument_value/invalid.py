# expect: ValueError
# expect: TypeError
# expect: ValueError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


from playhouse.sqlite_ext import RowIDField


class Event(BaseModel):
    created = TimestampField(resolution=8)
    price = DecimalField(max_digits=8, decimal_places=None)
    number = RowIDField()
