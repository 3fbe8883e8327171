from tortoise import fields
from tortoise.models import Model


class Tag(Model):
    name = fields.CharField(max_length=5)


class TAG(Model):
    name = fields.CharField(max_length=5)

    class Meta:
        table = "other_tag"
