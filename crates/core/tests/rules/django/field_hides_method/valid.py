from django.db import models


class Thing(models.Model):
    saved = models.BooleanField(default=True)
