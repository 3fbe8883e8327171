# expect: fields.E130 app.Thing.a
# expect: fields.E131 app.Thing.c
# expect: fields.E132 app.Thing.a
# expect: fields.E133 app.Thing.c
# expect: fields.E134 app.Thing.b
from django.db import models


class Thing(models.Model):
    a = models.DecimalField()
    b = models.DecimalField(max_digits=2, decimal_places=3)
    c = models.DecimalField(max_digits=0, decimal_places=-1)
