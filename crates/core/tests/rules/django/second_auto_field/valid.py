from django.db import models


class Thing(models.Model):
    number = models.AutoField(primary_key=True)
