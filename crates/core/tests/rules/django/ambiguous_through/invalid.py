# expect: fields.E333 app.Trio
# expect: fields.E335 app.Post.tags
# expect: fields.E336 app.Nothing
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    tags = models.ManyToManyField(Tag, through="Link")
    friends = models.ManyToManyField("self", through="Trio")
    none = models.ManyToManyField(Tag, through="Nothing", related_name="n")


class Link(models.Model):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)
    third = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey("Post", on_delete=models.CASCADE)

    class Meta:
        unique_together = [("tag", "post")]


class Trio(models.Model):
    a = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    b = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    c = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")


class Nothing(models.Model):
    note = models.TextField()
