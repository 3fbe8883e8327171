from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    tags = models.ManyToManyField(Tag, through="Link", through_fields=("post", "tag"))


class Link(models.Model):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)
    third = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey("Post", on_delete=models.CASCADE)

    class Meta:
        unique_together = [("tag", "post")]
