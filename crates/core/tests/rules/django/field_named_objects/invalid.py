# expect: ValueError
from django.db import models


class Thing(models.Model):
    objects = models.IntegerField()
