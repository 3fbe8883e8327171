# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model


class Device(Model):
    id = fields.CharField(max_length=20)
