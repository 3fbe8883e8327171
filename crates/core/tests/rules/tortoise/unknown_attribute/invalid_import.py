# expect: ImportError
from tortoise import fields
from tortoise.models import Model
from tortoise.fields import EmailField


class A(Model):
    mail = EmailField()
