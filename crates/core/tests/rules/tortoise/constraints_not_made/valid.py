from tortoise import fields
from tortoise.models import Model


class X(Model):
    a = fields.IntField()
    b = fields.IntField()

    class Meta:
        unique_together = (("a", "b"),)
