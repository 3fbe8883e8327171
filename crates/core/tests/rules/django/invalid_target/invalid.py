# expect: TypeError
# expect: ValueError
from django.db import models


class Thing(models.Model):
    number = models.ForeignKey(int, on_delete=models.CASCADE)
    deep = models.ForeignKey("my.app.Thing", on_delete=models.CASCADE)
