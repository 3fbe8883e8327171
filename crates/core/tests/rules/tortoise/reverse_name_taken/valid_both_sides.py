from tortoise import fields
from tortoise.models import Model


class User(Model):
    roles = fields.ManyToManyField("models.Role", related_name="users", through="user_role")


class Role(Model):
    name = fields.CharField(max_length=5)
