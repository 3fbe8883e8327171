# expect: ConfigurationError
# expect: ConfigurationError
# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model


class Show(Model):
    class Meta:
        abstract = True


class Concert(Show):
    name = fields.CharField(max_length=5)


class Ticket(Model):
    event = fields.ForeignKeyField("models.concert")
    show = fields.ForeignKeyField("models.Show")
    guests = fields.ManyToManyField("app.Concert")
