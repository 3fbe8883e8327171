from tortoise import fields
from tortoise.models import Model


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.IntField(primary_key=True)
    m = fields.IntField(db_index=True)
