from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Thing(BaseModel):
    name = CharField(100, verbose_name="the name")
    number = AutoField()
    size = IntegerField(constraints=[Check("size > 0"), SQL("DEFAULT 1")])

    class Meta:
        schema = "main"
        without_rowid = True
