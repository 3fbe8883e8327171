# expect: TypeError
from django.db import models


class Thing(models.Model):
    room = models.IntegerField()

    class Meta:
        table_name = "rooms"
