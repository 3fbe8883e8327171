# expect: FieldDoesNotExist
# expect: TypeError
from django.db import models


class Room(models.Model):
    number = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["nubmer"])]


class Group(models.Model):
    rooms = models.ManyToManyField(Room)

    class Meta:
        indexes = [models.Index(fields=["rooms"])]
