# expect: models.E012 app.Bar
# expect: models.E012 app.Bar
# expect: models.E013 app.Bar
# expect: models.E016 app.Bar
from django.db import models


class Place(models.Model):
    name = models.CharField(max_length=20)


class Bar(Place):
    beers = models.IntegerField()
    others = models.ManyToManyField("self")

    class Meta:
        unique_together = [("beers", "brees"), ("beers", "name"), ("others",)]
        indexes = [models.Index(fields=["ber"], name="by_beer")]
