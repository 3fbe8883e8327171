from django.db import models


class Thing(models.Model):
    a = models.CharField(max_length=20)
    b = models.SlugField()
