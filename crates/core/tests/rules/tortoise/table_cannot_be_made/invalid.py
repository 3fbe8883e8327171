# expect: OperationalError
from tortoise import fields
from tortoise.models import Model


class Level(Model):
    name = fields.CharField(max_length=5)
    Name = fields.CharField(max_length=5)
