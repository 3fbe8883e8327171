# expect: ModelDefinitionError Front
# expect: ModelDefinitionError Front
# expect: ModelDefinitionError Side
import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Base(ormar.Model):
    ormar_config = base_ormar_config.copy(abstract=True)

    id: int = ormar.Integer(primary_key=True)


class Front(Base):
    ormar_config = base_ormar_config.copy(proxy=True)



class Solid(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)


class Side(Solid):
    ormar_config = base_ormar_config.copy(proxy=True)

    extra: int = ormar.Integer()
