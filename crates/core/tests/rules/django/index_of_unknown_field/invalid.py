# expect: FieldDoesNotExist
from django.db import models


class Room(models.Model):
    number = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["nubmer"])]
