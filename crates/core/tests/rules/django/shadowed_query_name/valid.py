from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Post(models.Model):
    a = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="as_a", related_query_name="a")
    b = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="as_b", related_query_name="b")
