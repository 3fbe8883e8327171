# expect: advice Event.id
import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Event(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.BigInteger(primary_key=True)
