from tortoise import fields
from tortoise.models import Model


class Plain:
    pass


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.ForeignKeyField(A)
