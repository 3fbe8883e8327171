# expect: advice
# expect: advice
from tortoise import fields
from tortoise.models import Model


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.IntField()

    class Meta:
        db_table = "x"
        verbose_name = "X"
