from django.db import models
from elsewhere import CharFeild, PointField


class Thing(models.Model):
    text = models.TextField()
