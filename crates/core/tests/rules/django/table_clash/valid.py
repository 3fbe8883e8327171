from django.db import models


class Thing(models.Model):
    class Meta:
        db_table = "t"


class Other(models.Model):
    class Meta:
        db_table = "t"
        managed = False
