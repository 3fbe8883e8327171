# expect: advice app.Thing.Level
from django.db import models


class Thing(models.Model):
    level = models.IntegerField()
    Level = models.IntegerField()
