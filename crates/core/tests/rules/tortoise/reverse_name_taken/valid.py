from tortoise import fields
from tortoise.models import Model


class City(Model):
    name = fields.CharField(max_length=5)


class Flight(Model):
    origin = fields.ForeignKeyField("models.City", related_name="departures")
    destination = fields.ForeignKeyField("models.City", related_name="arrivals")
    via = fields.ForeignKeyField("models.City", related_name=False, null=True)
