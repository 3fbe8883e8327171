from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20, unique=True)


class Post(models.Model):
    a = models.ForeignKey(Tag, on_delete=models.CASCADE, to_field="name")
