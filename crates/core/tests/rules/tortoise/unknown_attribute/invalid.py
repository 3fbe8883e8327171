# expect: AttributeError
# expect: AttributeError
# expect: AttributeError
from tortoise import fields
from tortoise.models import Model


class A(Model):
    mail = fields.EmailField()


class X(Model):
    a = fields.ForeignKeyField("models.A", on_delete=fields.PROTECT)
    b = fields.ForeignKeyField("models.A", related_name="b", on_delete=fields.OnDelete.DO_NOTHING)
