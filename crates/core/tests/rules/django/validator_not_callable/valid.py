from django.db import models


def check(value):
    return None


class Thing(models.Model):
    age = models.IntegerField(validators=[check])
