# expect: OperationalError
# expect: OperationalError
# expect: OperationalError
# expect: OperationalError
from tortoise import fields
from tortoise.models import Model
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.contrib.postgres.indexes import GinIndex


class Numbers(Model):
    values = ArrayField("varchar(5)")


class Notes(Model):
    body = fields.JSONField()

    class Meta:
        indexes = [GinIndex(fields=["body"])]


class Counter(Model):
    count = fields.IntField(generated=True)


class Pair(Model):
    notes = fields.ManyToManyField("models.Notes", forward_key="k", backward_key="k")
