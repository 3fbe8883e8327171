from django.db import models


class Thing(models.Model):
    pass


class View(Thing):
    class Meta:
        proxy = True
