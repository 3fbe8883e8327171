from django.db import models


class Thing(models.Model):
    a = models.CharField(max_length=100)
    b = models.TextField()
