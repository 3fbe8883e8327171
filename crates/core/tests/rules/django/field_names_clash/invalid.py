# expect: models.E005 app.Both
# expect: models.E005 app.Both
# expect: models.E006 app.Post.tag_id
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)
    tag_id = models.IntegerField()


class Both(Tag, Post):
    pass
