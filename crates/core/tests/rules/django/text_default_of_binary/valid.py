from django.db import models


class Thing(models.Model):
    a = models.BinaryField(default=b"")
