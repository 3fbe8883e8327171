# expect: DeprecationWarning
# expect: DeprecationWarning
# expect: DeprecationWarning
from tortoise import fields
from tortoise.models import Model


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.IntField(pk=True)
    m = fields.IntField(index=True)
    k = fields.ManyToManyField("models.A", create_unique_index=False)
