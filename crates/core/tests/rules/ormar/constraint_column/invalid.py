# expect: ConstraintColumnNotFoundError Room
# expect: ModelDefinitionError Attic
# expect: ConstraintColumnNotFoundError Attic
import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Room(ormar.Model):
    ormar_config = base_ormar_config.copy(constraints=[ormar.UniqueColumns("id", "nummer")])

    id: int = ormar.Integer(primary_key=True)
    number: int = ormar.Integer()


class Base(ormar.Model):
    ormar_config = base_ormar_config.copy(abstract=True, constraints=[ormar.UniqueColumns("code")])

    id: int = ormar.Integer(primary_key=True)
    code: int = ormar.Integer()


class Attic(Base):
    ormar_config = base_ormar_config.copy()

    code: int = ormar.Integer(name="attic_code")
