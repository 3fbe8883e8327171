from tortoise import fields
from tortoise.models import Model


class Teacher(Model):
    name = fields.CharField(max_length=5)


class Lesson(Model):
    lecturers = fields.ManyToManyField("models.Teacher", related_name="lectures")
    assistants = fields.ManyToManyField("models.Teacher", related_name="assisted", through="helping")
