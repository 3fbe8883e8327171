# expect: fields.E311 app.Post.a
# expect: fields.E312 app.Post.b
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    a = models.ForeignKey(Tag, on_delete=models.CASCADE, to_field="name", related_name="a")
    b = models.ForeignKey(Tag, on_delete=models.CASCADE, to_field="nmae", related_name="b")
