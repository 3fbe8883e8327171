# expect: TypeError
# expect: TypeError
# expect: TypeError
from django.db import models


class Named(models.Model):
    class Meta:
        abstract = True


class Child(Named):
    class Meta:
        abstract = True


class Tag(models.Model, Named):
    pass


class Twice(Named, Named):
    pass


class Wrong(Named, Child):
    pass
