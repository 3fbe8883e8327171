from django.db import models


class Thing(models.Model):
    checked = models.BooleanField(default=False)

    @classmethod
    def check(cls, **kwargs):
        return super().check(**kwargs)
