# expect: advice
from tortoise import fields
from tortoise.models import Model


class Place(Model):
    name = fields.CharField(max_length=5)


class Shop(Model):
    place = fields.OneToOneField("models.Place", primary_key=True)


class Clerk(Model):
    shop = fields.ForeignKeyField("models.Shop")
