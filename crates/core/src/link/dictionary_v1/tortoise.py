from tortoise import fields
from tortoise.models import Model
from tortoise import Tortoise, fields, run_async
from tortoise.indexes import Index

class Event(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=255)
    description = fields.TextField(null=True)
    amount = fields.DecimalField(max_digits=10, decimal_places=2)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)
    active = fields.BooleanField(default=True)
    date = fields.DateField()
    count = fields.SmallIntField(default=0)
    size = fields.BigIntField()
    rating = fields.FloatField()
    uid = fields.UUIDField(primary_key=True)
    data = fields.JSONField(default=dict)
    kind = fields.CharEnumField(Kind, default=Kind.OTHER)
    id = fields.IntField(pk=True)

    tournament: fields.ForeignKeyRelation[Tournament] = fields.ForeignKeyField(
        "models.Tournament", related_name="events", on_delete=fields.CASCADE
    )
    tournament = fields.ForeignKeyField("models.Tournament", related_name="events", on_delete=fields.OnDelete.CASCADE)
    author: fields.ForeignKeyNullableRelation["Author"] = fields.ForeignKeyField("models.Author", related_name="books", null=True, on_delete=fields.SET_NULL)
    participants: fields.ManyToManyRelation["Team"] = fields.ManyToManyField(
        "models.Team", related_name="events", through="event_team", forward_key="team_id", backward_key="event_id"
    )
    participants = fields.ManyToManyField("models.Team", related_name="events", through="event_team")
    address: fields.OneToOneRelation["Address"] = fields.OneToOneField("models.Address", related_name="event", on_delete=fields.OnDelete.SET_NULL, null=True)
    events: fields.ReverseRelation["Event"]
    events: fields.ManyToManyRelation["Event"]
    address: fields.OneToOneNullableRelation["Address"]

    class Meta:
        table = "event"
        ordering = ["name"]
        unique_together = (("first_name", "last_name"),)
        indexes = [Index(fields=("name",))]
        abstract = True

    def __str__(self):
        return self.name
