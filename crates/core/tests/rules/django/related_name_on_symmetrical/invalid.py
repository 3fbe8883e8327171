# expect: fields.W345 app.Thing.friends
from django.db import models


class Thing(models.Model):
    friends = models.ManyToManyField("self", related_name="fans")
