from tortoise import fields
from tortoise.models import Model


class Author(Model):
    name = fields.CharField(max_length=5)


class Book(Model):
    author = fields.ForeignKeyField("models.Author", source_field="writer")
    writer = fields.CharField(max_length=5, source_field="author_id")
