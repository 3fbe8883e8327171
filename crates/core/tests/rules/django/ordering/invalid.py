# expect: models.E014 app.Other
# expect: models.E015 app.Thing
# expect: models.E021 app.Third
from django.db import models


class Thing(models.Model):
    a = models.IntegerField()

    class Meta:
        ordering = ["aa"]


class Other(models.Model):
    thing = models.ForeignKey(Thing, on_delete=models.CASCADE)

    class Meta:
        ordering = "thing"


class Third(models.Model):
    thing = models.ForeignKey(Thing, on_delete=models.CASCADE)

    class Meta:
        ordering = ["id"]
        order_with_respect_to = "thing"
