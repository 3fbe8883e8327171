# expect: fields.E121 app.Thing.a
# expect: fields.E121 app.Thing.b
from django.db import models


class Thing(models.Model):
    a = models.CharField(max_length="20")
    b = models.SlugField(max_length=0)
