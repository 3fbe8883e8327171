# expect: OperationalError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Zone(BaseModel):
    role = CharField(index=True)


class Role(BaseModel):
    class Meta:
        table_name = "zone_role"
