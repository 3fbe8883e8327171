from django.db import models


class Thing(models.Model):
    side = models.IntegerField()
    size = models.GeneratedField(expression=models.F("side"), output_field=models.IntegerField(), db_persist=True)
