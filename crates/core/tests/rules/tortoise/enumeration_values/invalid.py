# expect: ConfigurationError
# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model
from enum import Enum


class Level(Enum):
    low = 1


class Colour(Enum):
    red = "r"


class Big(Enum):
    much = 40000


class A(Model):
    name = fields.CharField(max_length=5)


class X(Model):
    n = fields.IntEnumField(Colour)
    m = fields.IntEnumField(Big)
