# expect: TypeError
# expect: TypeError
# expect: TypeError
from tortoise import fields
from tortoise.models import Model


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.CharField(5, True)
    m = fields.OneToOneField("models.A", unique=True)
    k = fields.CharField(5, max_length=6)
