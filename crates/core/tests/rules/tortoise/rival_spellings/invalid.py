# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.IntField(index=True, db_index=False)
