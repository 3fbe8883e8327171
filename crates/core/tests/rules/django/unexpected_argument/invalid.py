# expect: TypeError
# expect: TypeError
from django.db import models


class Thing(models.Model):
    name = models.CharField(max_lenght=20)
    others = models.ManyToManyField("self", on_delete=models.CASCADE)
