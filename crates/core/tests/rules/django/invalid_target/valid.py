from django.db import models


class Thing(models.Model):
    parent = models.ForeignKey("app.Thing", on_delete=models.CASCADE)
