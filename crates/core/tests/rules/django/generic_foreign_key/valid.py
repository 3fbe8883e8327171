from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Tag(models.Model):
    kind = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    number = models.IntegerField()
    item = GenericForeignKey("kind", "number")


class Child(Tag):
    pass
