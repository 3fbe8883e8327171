# expect: InterfaceError
# expect: InterfaceError
# expect: ImproperlyConfigured
from peewee import *

db = SqliteDatabase("app.db")


class User(Model):
    name = CharField()


class Group(Model):
    name = CharField()


class Membership(Model):
    user = ForeignKeyField(User)

    class Meta:
        database = db


db.create_tables([User, Group, Membership])
