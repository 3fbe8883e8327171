from tortoise import fields
from tortoise.models import Model


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.IntField()

    class Meta:
        table = "x"
        ordering = ["n"]
