from tortoise import fields
from tortoise.models import Model


class Team(Model):
    name = fields.CharField(max_length=5)
    parent = fields.ForeignKeyField("models.Team", null=True)


class Player(Model):
    team = fields.ForeignKeyField("models.Team")
