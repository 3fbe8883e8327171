# expect: TypeError
# expect: TypeError
# expect: TypeError
from tortoise import fields
from tortoise.models import Model


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.CharField()
    m = fields.DecimalField(max_digits=4)
    k = fields.ForeignKeyField()
