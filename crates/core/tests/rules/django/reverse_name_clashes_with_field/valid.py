from django.db import models


class Shelf(models.Model):
    volumes = models.IntegerField()


class Volume(models.Model):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE)
