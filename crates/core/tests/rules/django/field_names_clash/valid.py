from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)
    tag_number = models.IntegerField()

    @property
    def tag_name(self):
        return ""
