# expect: TypeError
from django.db import models


class Thing(models.Model):
    class Meta:
        proxy = True
