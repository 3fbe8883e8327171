from django.db import models


class Room(models.Model):
    number = models.IntegerField()
    next = models.ForeignKey("self", on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["number"]), models.Index(fields=["-next"]), models.Index(fields=["floor"], name="room_floor")]
