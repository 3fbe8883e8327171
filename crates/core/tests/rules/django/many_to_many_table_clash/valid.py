from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    a = models.ManyToManyField(Tag, db_table="pairs")
    b = models.ManyToManyField(Tag, related_name="b")
