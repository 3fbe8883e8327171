# expect: RuntimeWarning
from tortoise import fields
from tortoise.models import Model


class Team(Model):
    name = fields.CharField(max_length=5)

    class Meta:
        app = "events"
