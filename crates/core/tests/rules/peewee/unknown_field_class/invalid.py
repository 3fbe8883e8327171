# expect: advice
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


from playhouse.elsewhere import PointField


class Place(BaseModel):
    where = PointField()
