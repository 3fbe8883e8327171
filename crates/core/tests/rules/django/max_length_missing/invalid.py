# expect: advice app.Thing.a
# expect: advice app.Thing.b
from django.db import models


class Thing(models.Model):
    a = models.CharField()
    b = models.CharField(100)
