# expect: fields.E900 app.Thing.b
# expect: fields.E901 app.Thing.c
# expect: fields.E903 app.Thing.a
from django.db import models


class Thing(models.Model):
    a = models.NullBooleanField()
    b = models.IPAddressField()
    c = models.CommaSeparatedIntegerField(max_length=9)
