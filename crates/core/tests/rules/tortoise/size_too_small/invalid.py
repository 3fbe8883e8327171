# expect: ConfigurationError
# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.CharField(max_length=0)
    m = fields.DecimalField(max_digits=3, decimal_places=-1)
