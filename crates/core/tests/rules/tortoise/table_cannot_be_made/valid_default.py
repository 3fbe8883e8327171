from tortoise import fields
from tortoise.models import Model


from tortoise.fields.db_defaults import SqlDefault


class X(Model):
    a = fields.IntField(db_default=SqlDefault("(1 + 1)"))
    b = fields.IntField(db_default=-5)
