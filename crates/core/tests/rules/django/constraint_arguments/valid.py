from django.db import models


class Thing(models.Model):
    room = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room"], name="room")]
        indexes = [models.Index(fields=["room"]), models.Index(models.F("room"), name="by_room")]
