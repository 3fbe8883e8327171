# expect: PydanticUndefinedAnnotation Ticket.seat
import ormar
import sqlalchemy
from typing import ForwardRef

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Seat(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)


class Ticket(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)
    event = ormar.ForeignKey(ForwardRef("Event"))
    seat = ormar.ForeignKey(Seat)


class Event(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)


Ticket.update_forward_refs()
