# expect: advice
# expect: advice
# expect: advice
# expect: advice
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


import datetime
import uuid


class Event(BaseModel):
    at = DateTimeField(default=datetime.datetime.now())
    token = UUIDField(default=uuid.uuid4())
    tags = JSONField(default=[])
    extra = JSONField(default={"a": 1})
