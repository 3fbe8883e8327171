from tortoise import fields
from tortoise.models import Model


class A(Model):
    place = fields.CharField(max_length=9)
