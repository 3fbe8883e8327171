# expect: ModuleNotFoundError
import databases
import ormar
import sqlalchemy

database = databases.Database("sqlite:///db.sqlite")
metadata = sqlalchemy.MetaData()


class Author(ormar.Model):
    ormar_config = ormar.OrmarConfig(database=database, metadata=metadata)

    id: int = ormar.Integer(primary_key=True)
