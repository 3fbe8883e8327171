from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    author = models.ForeignKey("Author", on_delete=models.CASCADE)


class Author(models.Model):
    name = models.TextField()
