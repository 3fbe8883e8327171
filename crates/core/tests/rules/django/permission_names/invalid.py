# expect: auth.E005 app.Book
# expect: auth.E006 app.Book
# expect: auth.E005 app.Note
# expect: auth.E012 app.Long
# expect: auth.E008 app.Long
# expect: auth.E007 app.Wordy
from django.db import models


class Book(models.Model):
    class Meta:
        permissions = [
            ("add_book", "Can write a book"),
            ("lend", "Can lend"),
            ("lend", "Can lend it"),
        ]


class Note(models.Model):
    class Meta:
        default_permissions = ("pin",)
        permissions = [("pin_note", "Can pin"), ("view_note", "Can view")]


class Long(models.Model):
    class Meta:
        permissions = [("ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc", "Can"), ("short", "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn")]


class Wordy(models.Model):
    class Meta:
        verbose_name = "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv"
