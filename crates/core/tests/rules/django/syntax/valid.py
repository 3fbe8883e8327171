from django.db import models


class Thing(models.Model):
    title = models.TextField()
