# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model


class Device(Model):
    serial = fields.CharField(max_length=20, primary_key=True, generated=True)
