# expect: ModelDefinitionError Lone
import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Lone(ormar.Model):
    ormar_config = ormar.OrmarConfig(tablename="lones")

    id: int = ormar.Integer(primary_key=True)
