from django.db import models


class Thing(models.Model):
    a = models.DateField()

    class Meta:
        ordering = ["-a", "a__year", "other", "?", "pk"]


class Other(models.Model):
    thing = models.ForeignKey(Thing, on_delete=models.CASCADE)

    class Meta:
        ordering = ["thing__a", "thing_id"]
