# expect: fields.E150 app.Thing.a
from django.db import models


class Thing(models.Model):
    a = models.GenericIPAddressField(blank=True)
