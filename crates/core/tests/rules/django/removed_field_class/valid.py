from django.db import models


class Thing(models.Model):
    a = models.BooleanField(null=True)
    b = models.GenericIPAddressField()
