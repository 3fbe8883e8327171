from peewee import *

db = SqliteDatabase("app.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Named:
    def __str__(self):
        return self.name


class Timestamps(BaseModel):
    created = DateTimeField(null=True)


class Post(Named, Timestamps):
    name = TextField()
