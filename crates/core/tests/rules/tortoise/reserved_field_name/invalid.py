# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model


class Clip(Model):
    filter = fields.CharField(max_length=5)
    name = fields.CharField(max_length=5)

    class Meta:
        unique_together = (("filter", "name"),)
