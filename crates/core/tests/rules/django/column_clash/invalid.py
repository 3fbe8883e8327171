# expect: models.E007 app.Thing
from django.db import models


class Thing(models.Model):
    a = models.IntegerField()
    b = models.IntegerField(db_column="a")
