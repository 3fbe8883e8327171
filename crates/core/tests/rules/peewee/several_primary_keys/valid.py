from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Plain(BaseModel):
    code = CharField(primary_key=True)
    number = IntegerField(unique=True)


class Child(Plain):
    number = AutoField()


class Both(BaseModel):
    number = IntegerField()
    code = CharField()

    class Meta:
        primary_key = CompositeKey("number", "code")
