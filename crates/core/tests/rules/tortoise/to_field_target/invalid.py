# expect: ConfigurationError
# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model


class Currency(Model):
    code = fields.CharField(max_length=3)
    symbol = fields.CharField(max_length=1, unique=True)


class Price(Model):
    currency = fields.ForeignKeyField("models.Currency", to_field="code")


class Note(Model):
    currency = fields.ForeignKeyField("models.Currency", to_field="symbols")
