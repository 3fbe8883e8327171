from tortoise import fields
from tortoise.models import Model


class Concert(Model):
    name = fields.CharField(max_length=5)


class Ticket(Model):
    event = fields.ForeignKeyField("models.Concert")
