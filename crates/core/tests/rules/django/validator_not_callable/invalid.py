# expect: fields.E008 app.Thing.age
from django.db import models


class Thing(models.Model):
    age = models.IntegerField(validators=[18])
