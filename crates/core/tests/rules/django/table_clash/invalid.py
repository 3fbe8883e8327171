# expect: models.E028 t
from django.db import models


class Thing(models.Model):
    class Meta:
        db_table = "t"


class Other(models.Model):
    class Meta:
        db_table = "t"
