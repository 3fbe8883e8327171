import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Room(ormar.Model):
    ormar_config = base_ormar_config.copy(constraints=[ormar.UniqueColumns("id", "number")])

    id: int = ormar.Integer(primary_key=True)
    number: int = ormar.Integer()
