from django.db import models


class Thing(models.Model):
    room = models.IntegerField()

    class Meta:
        db_table = "rooms"
        verbose_name = "room"
