# expect: NameError Ticket.event
# expect: NameError Early.late
import ormar
import sqlalchemy
from typing import ForwardRef

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Ticket(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)
    event = ormar.ForeignKey(ForwardRef("Tickett"))


Ticket.update_forward_refs()


class Early(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)
    late = ormar.ForeignKey(ForwardRef("Late"))


Early.update_forward_refs()


class Late(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)
