from django.db import models


class Thing(models.Model):
    made = models.DateTimeField(auto_now=False, auto_now_add=True)
