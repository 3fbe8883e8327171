from tortoise import fields
from tortoise.models import Model


class Currency(Model):
    code = fields.CharField(max_length=3, unique=True)


class Price(Model):
    currency = fields.ForeignKeyField("models.Currency", to_field="code")
