# expect: ValueError
# expect: ValueError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Odd(BaseModel):
    code = CharField(primary_key=True)
    number = IntegerField(primary_key=True)


class Both(BaseModel):
    number = AutoField()
    code = CharField()

    class Meta:
        primary_key = CompositeKey("number", "code")
