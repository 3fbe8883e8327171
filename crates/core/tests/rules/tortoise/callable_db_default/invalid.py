# expect: ConfigurationError
# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.JSONField(db_default=dict)
    m = fields.IntField(db_default=lambda: 3)
