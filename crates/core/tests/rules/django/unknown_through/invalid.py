# expect: fields.E331 app.Post.tags
# expect: models.E022 <function ManyToManyField.contribute_to_class.<locals>.resolve_through_model at 0x…>
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    tags = models.ManyToManyField(Tag, through="Lnik")


class Link(models.Model):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)
    post = models.ForeignKey("Post", on_delete=models.CASCADE)

    class Meta:
        unique_together = [("tag", "post")]
