# expect: fields.E001 app.Thing.class_
# expect: fields.E002 app.Thing.first__part
# expect: fields.E003 app.Thing.pk
from django.db import models


class Thing(models.Model):
    class_ = models.TextField()
    first__part = models.TextField()
    pk = models.IntegerField()
