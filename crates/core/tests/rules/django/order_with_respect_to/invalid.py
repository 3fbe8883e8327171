# expect: FieldDoesNotExist
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)

    class Meta:
        order_with_respect_to = "tga"
