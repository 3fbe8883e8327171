import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Shelf(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    label: str = ormar.String(max_length=10, name="caption")
