# expect: fields.E140 app.Thing.a
from django.db import models


class Thing(models.Model):
    a = models.FilePathField(path="/srv", allow_files=False)
