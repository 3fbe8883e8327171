from tortoise import fields
from tortoise.models import Model


class Member(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=60)
    email = fields.CharField(max_length=120, unique=True)


class Project(Model):
    id = fields.IntField(primary_key=True)
    title = fields.CharField(max_length=100)
    lead = fields.ForeignKeyField("models.Member", related_name="leads")
    # Declared on one side only: `member.projects` exists all the same.
    members = fields.ManyToManyField("models.Member", related_name="projects", through="project_member")


class Task(Model):
    id = fields.IntField(primary_key=True)
    project = fields.ForeignKeyField("models.Project", related_name="tasks")
    assignee = fields.ForeignKeyField(
        "models.Member", related_name="tasks", null=True, on_delete=fields.SET_NULL
    )
    title = fields.CharField(max_length=200)
    done = fields.BooleanField(default=False)
