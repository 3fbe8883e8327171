from django.db import models


class Thing(models.Model):
    a = models.IntegerField()
    b = models.IntegerField(db_column="c")
