from django.db import models
from django.utils import timezone


class Thing(models.Model):
    made = models.DateTimeField(default=timezone.now)
