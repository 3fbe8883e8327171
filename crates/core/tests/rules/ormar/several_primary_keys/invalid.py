# expect: ModelDefinitionError Seat.number
import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Seat(ormar.Model):
    ormar_config = base_ormar_config.copy()

    row: int = ormar.Integer(primary_key=True)
    number: int = ormar.Integer(primary_key=True)
