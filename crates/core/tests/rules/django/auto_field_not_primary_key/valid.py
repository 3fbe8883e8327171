from django.db import models


class Thing(models.Model):
    number = models.BigAutoField(primary_key=True)
