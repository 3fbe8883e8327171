from tortoise import fields
from tortoise.models import Model


class A(Model):
    mail = fields.CharField(max_length=9)


class X(Model):
    a = fields.ForeignKeyField("models.A", on_delete=fields.RESTRICT)
