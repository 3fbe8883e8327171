from django.db import models


class Thing(models.Model):
    id = models.CharField(max_length=5, primary_key=True)
