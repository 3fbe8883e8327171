# expect: advice
from django.db import models
from elsewhere import CharFeild, PointField


class Thing(models.Model):
    place = PointField()
    text = CharFeild()
