# expect: OperationalError Item
# expect: OperationalError Other
import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Item(ormar.Model):
    ormar_config = base_ormar_config.copy(constraints=[ormar.IndexColumns("code", name="by_code")])

    id: int = ormar.Integer(primary_key=True)
    code: int = ormar.Integer()
    Code: int = ormar.Integer()


class Other(ormar.Model):
    ormar_config = base_ormar_config.copy(constraints=[ormar.IndexColumns("code", name="by_code")])

    id: int = ormar.Integer(primary_key=True)
    code: int = ormar.Integer()
