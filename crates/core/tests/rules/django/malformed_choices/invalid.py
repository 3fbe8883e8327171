# expect: fields.E004 app.Thing.kind
# expect: fields.E005 app.Thing.size
from django.db import models


class Thing(models.Model):
    size = models.CharField(max_length=1, choices=["S", "M"])
    kind = models.CharField(max_length=1, choices="SM")
