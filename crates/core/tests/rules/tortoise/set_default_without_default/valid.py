from tortoise import fields
from tortoise.models import Model


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.ForeignKeyField("models.A", on_delete=fields.SET_DEFAULT, db_default=1)
