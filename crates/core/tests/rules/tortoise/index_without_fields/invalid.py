# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model
from tortoise.indexes import Index


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.IntField()

    class Meta:
        indexes = [Index()]
