# expect: AttributeError
from tortoise import fields
from tortoise.models import Model


class Animal(Model):
    name = fields.CharField(max_length=5)

    class Meta:
        abstract = True


class Collar(Model):
    animal = fields.ForeignKeyField(Animal)
