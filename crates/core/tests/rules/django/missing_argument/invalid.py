# expect: TypeError
# expect: TypeError
# expect: TypeError
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    tag = models.ForeignKey(Tag)
    other = models.OneToOneField(on_delete=models.PROTECT)
    many = models.ManyToManyField()
