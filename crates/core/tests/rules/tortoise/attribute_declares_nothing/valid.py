from tortoise import fields
from tortoise.models import Model


class Author(Model):
    books: fields.ReverseRelation["Book"]


class Book(Model):
    author = fields.ForeignKeyField("models.Author", related_name="books")
