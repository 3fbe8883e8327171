from django.db import models


class Thing(models.Model):
    size = models.CharField(max_length=2, choices=[("S", "Small"), ("XL", "Huge")])
