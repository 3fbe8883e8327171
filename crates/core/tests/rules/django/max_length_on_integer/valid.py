from django.db import models


class Thing(models.Model):
    year = models.PositiveIntegerField()
    name = models.TextField(max_length=4)
