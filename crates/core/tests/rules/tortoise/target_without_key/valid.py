from tortoise import fields
from tortoise.models import Model


class Animal(Model):
    id = fields.IntField(primary_key=True)

    class Meta:
        abstract = True


class Dog(Animal):
    name = fields.CharField(max_length=5)


class Collar(Model):
    dog = fields.ForeignKeyField(Dog)
