# expect: fields.E010 app.Thing.a
# expect: fields.E010 app.Thing.b
# expect: fields.E010 app.Thing.c
from django.db import models


class Thing(models.Model):
    a = models.JSONField(default={})
    b = models.JSONField(default=[])
    c = models.JSONField(default="x")
