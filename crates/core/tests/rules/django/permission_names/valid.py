from django.db import models


class Book(models.Model):
    class Meta:
        permissions = [("lend_book", "Can lend a book"), ("add_page", "Can add a page")]


class Note(models.Model):
    class Meta:
        default_permissions = ()
        permissions = [("add_note", "Can add")]
