from django.db import models


class Thing(models.Model):
    a = models.FileField(upload_to="docs")
