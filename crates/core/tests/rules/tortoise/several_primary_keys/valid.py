from tortoise import fields
from tortoise.models import Model


class Seat(Model):
    row = fields.IntField(primary_key=True)
    number = fields.IntField()
