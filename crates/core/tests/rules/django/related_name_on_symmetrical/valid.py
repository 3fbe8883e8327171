from django.db import models


class Thing(models.Model):
    friends = models.ManyToManyField("self", related_name="fans", symmetrical=False)
