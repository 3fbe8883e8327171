from django.db import models


class Thing(models.Model):
    size = models.IntegerField(db_index=True)
