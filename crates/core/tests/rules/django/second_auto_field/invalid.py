# expect: ValueError
from django.db import models


class Thing(models.Model):
    number = models.AutoField()
