# expect: models.E042 app.Thing
# expect: models.E042 app.Thing
from django.db import models


class Thing(models.Model):
    pk = models.CompositePrimaryKey("a", "bb")
    a = models.IntegerField(null=True)
    b = models.IntegerField()
