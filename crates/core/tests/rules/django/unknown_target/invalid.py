# expect: fields.E300 app.Post.many
# expect: fields.E300 app.Post.tag
# expect: fields.E307 app.Post.many
# expect: fields.E307 app.Post.tag
# expect: fields.E307 app.Post_many.tag
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    tag = models.ForeignKey("Tagg", on_delete=models.CASCADE)
    many = models.ManyToManyField("shop.Tag")
