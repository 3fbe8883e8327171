# expect: ConfigurationError
# expect: ConfigurationError
# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model


class X(Model):
    number = fields.IntField()
    b = fields.IntField()

    class Meta:
        unique_together = (("numbr", "b"),)
        indexes = "b"


class Y(Model):
    a = fields.IntField()
    xs = fields.ManyToManyField("models.X")

    class Meta:
        unique_together = (("a", "xs"),)
