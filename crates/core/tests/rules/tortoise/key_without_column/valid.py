from tortoise import fields
from tortoise.models import Model


class Place(Model):
    name = fields.CharField(max_length=5)


class Shop(Model):
    id = fields.IntField(primary_key=True)
    place = fields.OneToOneField("models.Place")


class Clerk(Model):
    shop = fields.ForeignKeyField("models.Shop")
