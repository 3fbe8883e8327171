# expect: TypeError
from tortoise import fields
from tortoise.models import Model
from abc import ABC


class X(Model, ABC):
    n = fields.IntField()
