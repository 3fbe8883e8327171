from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    tag = models.ForeignKey(Tag, models.CASCADE)
    other = models.OneToOneField(to=Tag, on_delete=models.PROTECT)
    many = models.ManyToManyField("self")
