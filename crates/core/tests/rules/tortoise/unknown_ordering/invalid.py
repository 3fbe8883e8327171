# expect: advice
from tortoise import fields
from tortoise.models import Model


class X(Model):
    number = fields.IntField()

    class Meta:
        ordering = ["-numbr"]
