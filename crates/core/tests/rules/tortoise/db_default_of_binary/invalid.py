# expect: TypeError
from tortoise import fields
from tortoise.models import Model


class X(Model):
    seal = fields.BinaryField(db_default=b"x")
