from django.db import models


class Mixin:
    pass


class Named(models.Model):
    class Meta:
        abstract = True


class Child(Named):
    class Meta:
        abstract = True


class Tag(Mixin, Child, Named, models.Model):
    pass
