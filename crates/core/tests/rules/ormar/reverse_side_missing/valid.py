import ormar
import sqlalchemy
from typing import ForwardRef

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Author(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)
    best_book = ormar.ForeignKey(ForwardRef("Book"), related_name="best_of")


class Book(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)
    writer = ormar.ForeignKey(Author)


Author.update_forward_refs()
