# expect: models.E004 app.Thing
from django.db import models


class Thing(models.Model):
    id = models.CharField(max_length=5)
