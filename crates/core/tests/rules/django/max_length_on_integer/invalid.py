# expect: fields.W122 app.Thing.year
from django.db import models


class Thing(models.Model):
    year = models.PositiveIntegerField(max_length=4)
