import ormar
import sqlalchemy

database = ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite")
metadata = sqlalchemy.MetaData()


class Author(ormar.Model):
    ormar_config = ormar.OrmarConfig(database=database, metadata=metadata)

    id: int = ormar.Integer(primary_key=True)
