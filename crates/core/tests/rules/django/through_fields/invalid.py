# expect: fields.E337 app.Post.a
# expect: fields.E338 app.Post.c
# expect: fields.E339 app.Post.b
# expect: fields.E339 app.Post.b
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    a = models.ManyToManyField(Tag, through="Link", through_fields=("post",))
    b = models.ManyToManyField(Tag, through="Link", through_fields=("tag", "post"), related_name="b")
    c = models.ManyToManyField(Tag, through="Link", through_fields=("pots", "tag"), related_name="c")


class Link(models.Model):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)
    post = models.ForeignKey("Post", on_delete=models.CASCADE)

    class Meta:
        unique_together = [("tag", "post")]
