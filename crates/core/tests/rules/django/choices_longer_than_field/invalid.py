# expect: fields.E009 app.Thing.size
from django.db import models


class Thing(models.Model):
    size = models.CharField(max_length=1, choices=[("S", "Small"), ("XL", "Huge")])
