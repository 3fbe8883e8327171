from django.db import models


class Blog_Entry(models.Model):
    pass
