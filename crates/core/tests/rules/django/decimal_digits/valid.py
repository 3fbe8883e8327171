from django.db import models


class Thing(models.Model):
    a = models.DecimalField(max_digits=8, decimal_places=2)
