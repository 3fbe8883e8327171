from django.db import models


class Thing(models.Model):
    a = models.JSONField(default=dict)
    b = models.JSONField(default=None, null=True)
