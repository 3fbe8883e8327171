# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model


class City(Model):
    name = fields.CharField(max_length=5)


class Flight(Model):
    origin = fields.ForeignKeyField("models.City")
    destination = fields.ForeignKeyField("models.City")
