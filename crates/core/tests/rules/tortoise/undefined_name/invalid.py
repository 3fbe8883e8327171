# expect: NameError
from tortoise import fields
from tortoise.models import Model


class Book(Model):
    author = fields.ForeignKeyField(Author)


class Author(Model):
    name = fields.CharField(max_length=5)
