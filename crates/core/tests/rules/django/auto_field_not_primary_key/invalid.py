# expect: fields.E100 app.Thing.number
from django.db import models


class Thing(models.Model):
    code = models.CharField(max_length=5, primary_key=True)
    number = models.BigAutoField()
