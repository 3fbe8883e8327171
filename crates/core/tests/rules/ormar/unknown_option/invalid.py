# expect: TypeError Author
# expect: TypeError
import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


other_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///other.sqlite"),
    metadata=sqlalchemy.MetaData(),
    table="x",
)


class Author(ormar.Model):
    ormar_config = base_ormar_config.copy(table_name="authors")

    id: int = ormar.Integer(primary_key=True)
