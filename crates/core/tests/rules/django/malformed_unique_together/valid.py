from django.db import models


class Thing(models.Model):
    a = models.IntegerField()
    b = models.IntegerField()

    class Meta:
        unique_together = ("a", "b")
