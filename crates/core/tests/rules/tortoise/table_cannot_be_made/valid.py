from tortoise import fields
from tortoise.models import Model


class Level(Model):
    name = fields.CharField(max_length=5)
    title = fields.CharField(max_length=5, source_field="label")
