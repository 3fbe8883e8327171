from django.db import models


class Thing(models.Model):
    name = models.CharField("label", max_length=20, help_text="x", db_collation="nocase")
