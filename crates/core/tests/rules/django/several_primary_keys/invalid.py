# expect: models.E026 app.Thing
from django.db import models


class Thing(models.Model):
    a = models.IntegerField(primary_key=True)
    b = models.IntegerField(primary_key=True)
