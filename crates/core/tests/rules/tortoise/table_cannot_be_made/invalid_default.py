# expect: OperationalError
# expect: OperationalError
from tortoise import fields
from tortoise.models import Model
from tortoise.fields.db_defaults import SqlDefault


class X(Model):
    a = fields.DatetimeField(db_default=SqlDefault("now()"))


class Y(Model):
    a = fields.CharField(max_length=10, db_default="it's")
