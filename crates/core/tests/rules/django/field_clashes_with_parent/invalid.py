# expect: FieldError
# expect: FieldError
from django.db import models


class Place(models.Model):
    name = models.CharField(max_length=20)


class Bar(Place):
    name = models.TextField()
    place_ptr = models.IntegerField()
