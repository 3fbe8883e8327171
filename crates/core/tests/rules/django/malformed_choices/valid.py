from django.db import models


class Thing(models.Model):
    size = models.CharField(max_length=1, choices=[("S", "Small")])
    kind = models.CharField(max_length=5, choices={"S": "Small"})
    group = models.CharField(max_length=5, choices=[("Audio", [("cd", "CD")])])
