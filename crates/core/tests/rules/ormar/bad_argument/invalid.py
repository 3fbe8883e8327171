# expect: ModelDefinitionError Item.price
# expect: ModelDefinitionError Item.code
# expect: ModelDefinitionError Item.kind
# expect: ModelDefinitionError Item.weight
import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Item(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)
    price = ormar.Decimal(max_digits=8, decimal_places=0)
    code = ormar.String(max_length=0)
    kind = ormar.Enum(enum_class="red")
    weight = ormar.Decimal()
