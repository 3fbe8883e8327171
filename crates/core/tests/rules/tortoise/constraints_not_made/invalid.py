# expect: advice
from tortoise import fields
from tortoise.models import Model
from tortoise.migrations.constraints import UniqueConstraint


class X(Model):
    a = fields.IntField()
    b = fields.IntField()

    class Meta:
        constraints = [UniqueConstraint(fields=("a", "b"), name="once")]
