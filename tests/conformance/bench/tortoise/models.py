from tortoise import fields
from tortoise.models import Model


class Role(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40)


class Member(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40)
    roles = fields.ManyToManyField("models.Role", related_name="members")


class Writer(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40)


class Novel(Model):
    id = fields.IntField(primary_key=True)
    title = fields.CharField(max_length=80)
    writer = fields.ForeignKeyField("models.Writer", related_name="novels")
