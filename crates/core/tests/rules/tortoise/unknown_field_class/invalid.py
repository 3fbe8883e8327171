# expect: advice
from tortoise import fields
from tortoise.models import Model
from geo import PointField


class A(Model):
    place = PointField()
