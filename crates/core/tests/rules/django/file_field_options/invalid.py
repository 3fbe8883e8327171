# expect: fields.E201 app.Thing.a
# expect: fields.E202 app.Thing.a
# expect: fields.E210 app.Thing.b
from django.db import models


class Thing(models.Model):
    a = models.FileField(upload_to="/docs", primary_key=True)
    b = models.ImageField()
