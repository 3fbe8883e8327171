# expect: fields.E160 app.Thing.made
from django.db import models


class Thing(models.Model):
    made = models.DateTimeField(auto_now=True, auto_now_add=True)
