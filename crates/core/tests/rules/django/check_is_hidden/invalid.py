# expect: models.E020 app.Other
# expect: models.E020 app.Thing
# expect: models.E020 app.Third
from django.db import models


class Thing(models.Model):
    check = models.BooleanField(default=False)


class Other(models.Model):
    def check(self):
        return True


class Link(models.Model):
    to = models.ForeignKey("Third", on_delete=models.CASCADE, related_name="check")


class Third(models.Model):
    pass
