from django.db import models


class Thing(models.Model):
    a = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["a"], name="by_a")]
        constraints = [models.UniqueConstraint(fields=["a"], name="u")]
