# expect: models.E010 app.Thing
from django.db import models


class Thing(models.Model):
    a = models.IntegerField()

    class Meta:
        unique_together = "a"
