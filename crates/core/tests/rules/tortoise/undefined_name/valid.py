from tortoise import fields
from tortoise.models import Model


class Author(Model):
    name = fields.CharField(max_length=5)


class Book(Model):
    author = fields.ForeignKeyField(Author)
