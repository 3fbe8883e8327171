# expect: fields.E223 app.Thing.label
# expect: fields.W224 app.Thing.size
from django.db import models


class Thing(models.Model):
    side = models.IntegerField()
    label = models.GeneratedField(expression=models.F("side"), output_field=models.CharField(max_length=0), db_persist=True)
    size = models.GeneratedField(expression=models.F("side"), output_field=models.IntegerField(max_length=4), db_persist=True)
