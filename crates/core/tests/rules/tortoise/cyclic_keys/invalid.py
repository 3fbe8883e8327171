# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model


class Team(Model):
    captain = fields.ForeignKeyField("models.Player", related_name="captain_of", null=True)


class Player(Model):
    team = fields.ForeignKeyField("models.Team")


class Fan(Model):
    team = fields.ForeignKeyField("models.Team")
