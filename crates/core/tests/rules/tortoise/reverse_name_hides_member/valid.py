from tortoise import fields
from tortoise.models import Model


class Author(Model):
    def full_name(self):
        return ""


class Book(Model):
    author = fields.ForeignKeyField("models.Author", related_name="books")
