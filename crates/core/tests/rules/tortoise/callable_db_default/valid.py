from tortoise import fields
from tortoise.models import Model


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.JSONField(default=dict)
    m = fields.IntField(db_default=3)
