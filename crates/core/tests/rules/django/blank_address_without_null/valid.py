from django.db import models


class Thing(models.Model):
    a = models.GenericIPAddressField(blank=True, null=True)
