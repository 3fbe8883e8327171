from tortoise import fields
from tortoise.models import Model


class Owner(Model):
    name = fields.CharField(max_length=5)


class Owned(Model):
    owner = fields.ForeignKeyField("models.Owner")

    class Meta:
        abstract = True


class Car(Owned):
    pass


class Boat(Owned):
    pass
