# expect: models.E003 app.Post
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    a = models.ManyToManyField(Tag, through="Link", related_name="a")
    b = models.ManyToManyField(Tag, through="Link", related_name="b")


class Link(models.Model):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)
    post = models.ForeignKey("Post", on_delete=models.CASCADE)

    class Meta:
        unique_together = [("tag", "post")]
