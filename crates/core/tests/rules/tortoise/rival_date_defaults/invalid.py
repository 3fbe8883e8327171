# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.DatetimeField(auto_now=True, auto_now_add=True)
