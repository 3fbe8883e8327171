# expect: ValueError
# expect: ValueError
# expect: ValueError
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    a = models.ManyToManyField(Tag, through="Link", db_table="links")
    b = models.ManyToManyField(Tag, through="Link", db_constraint=False, related_name="b")
    c = models.ManyToManyField(Tag, through_fields=("post", "tag"), related_name="c")


class Link(models.Model):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)
    post = models.ForeignKey("Post", on_delete=models.CASCADE)

    class Meta:
        unique_together = [("tag", "post")]
