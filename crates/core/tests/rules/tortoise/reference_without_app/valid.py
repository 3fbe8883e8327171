from tortoise import fields
from tortoise.models import Model


class Person(Model):
    boss = fields.ForeignKeyField("models.Person", null=True)
