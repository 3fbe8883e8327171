from tortoise import fields
from tortoise.models import Model


class Clip(Model):
    filter_value = fields.CharField(max_length=5)
