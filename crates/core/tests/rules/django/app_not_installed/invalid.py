# expect: advice
from django.contrib.sites.models import Site
from django.db import models


class Notice(models.Model):
    text = models.TextField()
