from tortoise import fields
from tortoise.models import Model


class X(Model):
    seal = fields.BinaryField(default=b"x")
