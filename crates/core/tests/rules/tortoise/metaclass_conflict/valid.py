from tortoise import fields
from tortoise.models import Model


class X(Model):
    n = fields.IntField()
