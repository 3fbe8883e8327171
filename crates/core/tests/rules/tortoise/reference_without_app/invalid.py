# expect: ConfigurationError
# expect: ConfigurationError
from tortoise import fields
from tortoise.models import Model


class Person(Model):
    boss = fields.ForeignKeyField("Person", null=True)
    friends = fields.ManyToManyField("self", related_name="friend_of")
