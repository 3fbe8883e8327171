from peewee import *

db = SqliteDatabase(None, pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Role(BaseModel):
    name = CharField(max_length=40)


class Member(BaseModel):
    name = CharField(max_length=40)


class MemberRole(BaseModel):
    member = ForeignKeyField(Member, backref="member_roles", on_delete="CASCADE")
    role = ForeignKeyField(Role, backref="role_members", on_delete="CASCADE")


class Writer(BaseModel):
    name = CharField(max_length=40)


class Novel(BaseModel):
    title = CharField(max_length=80)
    writer = ForeignKeyField(Writer, backref="novels", on_delete="CASCADE")


class Team(BaseModel):
    name = CharField()


class Player(BaseModel):
    name = CharField()


class Contract(BaseModel):
    player = ForeignKeyField(Player, backref="contracts")
    team = ForeignKeyField(Team, backref="contracts")
    until = IntegerField(default=0)
