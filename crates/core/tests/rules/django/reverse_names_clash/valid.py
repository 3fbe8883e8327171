from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    first = models.ForeignKey(Tag, on_delete=models.CASCADE)
    second = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")
    third = models.ManyToManyField(Tag, related_name="thirds")
