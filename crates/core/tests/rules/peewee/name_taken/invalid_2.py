# expect: OperationalError
from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class User(BaseModel):
    role = CharField(index=True)


class UserRole(BaseModel):
    class Meta:
        table_name = "user_role"
