# expect: fields.W346 app.Post.tags
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    tags = models.ManyToManyField(Tag, db_comment="x")
