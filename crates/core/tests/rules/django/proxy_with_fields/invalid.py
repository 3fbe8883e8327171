# expect: models.E017
from django.db import models


class Place(models.Model):
    name = models.CharField(max_length=20)


class View(Place):
    extra = models.IntegerField()

    class Meta:
        proxy = True
