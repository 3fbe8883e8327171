# expect: models.E031
# expect: models.E033 app.Thing
# expect: models.E034 app.Thing
from django.db import models


class Thing(models.Model):
    a = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["a"], name="_a"), models.Index(fields=["-a"], name="a_name_of_more_than_thirty_characters")]
        constraints = [models.UniqueConstraint(fields=["a"], name="u"), models.CheckConstraint(condition=models.Q(a=1), name="u")]
