# expect: fields.E308 app.Post.other
# expect: fields.E309 app.Post.tag
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="post__s")
    other = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="others", related_query_name="other_")
