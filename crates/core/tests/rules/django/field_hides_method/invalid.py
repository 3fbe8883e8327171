# expect: advice app.Thing.save
from django.db import models


class Thing(models.Model):
    save = models.BooleanField(default=True)
