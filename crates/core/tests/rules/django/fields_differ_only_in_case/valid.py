from django.db import models


class Thing(models.Model):
    level = models.IntegerField()
    Level = models.IntegerField(db_column="other")
