# expect: advice
# expect: advice
# expect: advice
from tortoise import fields
from tortoise.models import Model


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.IntField(nul=True)
    m = fields.CharField(max_length=4, verbose_name="name")
    k = fields.IntField(max_length=3)
