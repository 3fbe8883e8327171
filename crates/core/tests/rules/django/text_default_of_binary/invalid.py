# expect: fields.E170 app.Thing.a
from django.db import models


class Thing(models.Model):
    a = models.BinaryField(default="")
