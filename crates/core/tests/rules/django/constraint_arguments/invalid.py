# expect: ValueError
# expect: ValueError
# expect: ValueError
# expect: ValueError
from django.db import models


class Thing(models.Model):
    room = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room"]), models.UniqueConstraint(name="none")]
        indexes = [models.Index(fields=["room"], condition=models.Q(room=1)), models.Index(models.F("room"))]
