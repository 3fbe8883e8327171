# expect: RuntimeError
# expect: RuntimeError
from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=20)


class TAG(models.Model):
    pass


class Tag(models.Model):
    name = models.CharField(max_length=20)
