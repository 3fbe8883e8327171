from django.db import models


class Place(models.Model):
    name = models.CharField(max_length=20)


class Bar(Place):
    beers = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["-beers"])]
