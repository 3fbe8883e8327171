from django.db import models


class City(models.Model):
    name = models.CharField(max_length=80)


class Flight(models.Model):
    origin = models.ForeignKey(City, on_delete=models.CASCADE)
    destination = models.ForeignKey(City, on_delete=models.CASCADE)
    note = models.CharField(max_length=20, null=True, choices="äöü")
