# expect: fields.E340 app.Post.a
# expect: fields.E340 app.Post.b
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    a = models.ManyToManyField(Tag, db_table="pairs")
    b = models.ManyToManyField(Tag, db_table="pairs", related_name="b")
