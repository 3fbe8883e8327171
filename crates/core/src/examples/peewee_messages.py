from peewee import (
    BooleanField,
    CharField,
    DateTimeField,
    ForeignKeyField,
    ManyToManyField,
    Model,
    SqliteDatabase,
    TextField,
)

db = SqliteDatabase("messages.db", pragmas={"foreign_keys": 1})


class BaseModel(Model):
    class Meta:
        database = db


class Person(BaseModel):
    name = CharField(max_length=60)
    handle = CharField(max_length=30, unique=True)


class Label(BaseModel):
    name = CharField(max_length=30, unique=True)


class Message(BaseModel):
    # Two ways to one model: each needs a backref, or the second takes the first one's place.
    sender = ForeignKeyField(Person, backref="sent", on_delete="CASCADE")
    recipient = ForeignKeyField(Person, backref="received", on_delete="CASCADE")
    text = TextField()
    sent_at = DateTimeField()
    is_read = BooleanField(default=False)
    labels = ManyToManyField(Label, backref="messages")
