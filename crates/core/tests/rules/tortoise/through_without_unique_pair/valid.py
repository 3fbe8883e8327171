from tortoise import fields
from tortoise.models import Model


class User(Model):
    roles = fields.ManyToManyField("models.Role", related_name="users", through="user_role")


class Role(Model):
    name = fields.CharField(max_length=5)


class UserRole(Model):
    user = fields.ForeignKeyField("models.User", related_name="user_roles")
    role = fields.ForeignKeyField("models.Role", related_name="role_users")

    class Meta:
        table = "user_role"
        unique_together = (("user", "role"),)
