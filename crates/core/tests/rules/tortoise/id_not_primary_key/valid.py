from tortoise import fields
from tortoise.models import Model


class Device(Model):
    id = fields.CharField(max_length=20, primary_key=True)


class Part(Model):
    key = fields.IntField(primary_key=True)
    id = fields.CharField(max_length=5)
