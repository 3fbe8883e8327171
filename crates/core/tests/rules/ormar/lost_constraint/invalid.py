# expect: advice Base
import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Base(ormar.Model):
    ormar_config = base_ormar_config.copy(
        abstract=True, constraints=[ormar.IndexColumns("code", unique=True)]
    )

    id: int = ormar.Integer(primary_key=True)
    code: str = ormar.String(max_length=10)


class Item(Base):
    ormar_config = base_ormar_config.copy(tablename="items")

