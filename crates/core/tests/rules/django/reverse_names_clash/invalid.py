# expect: fields.E304 app.Post.first
# expect: fields.E304 app.Post.many
# expect: fields.E304 app.Post.one
# expect: fields.E304 app.Post.second
# expect: fields.E305 app.Post.many
# expect: fields.E305 app.Post.one
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    first = models.ForeignKey(Tag, on_delete=models.CASCADE)
    second = models.ForeignKey(Tag, on_delete=models.CASCADE)
    one = models.OneToOneField(Tag, on_delete=models.CASCADE, related_name="it")
    many = models.ManyToManyField(Tag, related_name="it")
