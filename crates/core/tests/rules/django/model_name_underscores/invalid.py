# expect: models.E023 app._Hidden
# expect: models.E024 app.Blog__Entry
from django.db import models


class _Hidden(models.Model):
    pass


class Blog__Entry(models.Model):
    pass
