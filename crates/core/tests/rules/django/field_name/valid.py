from django.db import models


class Thing(models.Model):
    class_name = models.TextField()
    _hidden = models.TextField()
