# expect: OperationalError
# expect: OperationalError
# expect: OperationalError
# expect: OperationalError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Thing(BaseModel):
    name = CharField("the name")
    number = IntegerField(sequence="numbers")
    kind = IntegerField(index=True, index_type="HASH")
    size = IntegerField(constraints=["size > 0"])
