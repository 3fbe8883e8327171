import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///library.db"),
    metadata=sqlalchemy.MetaData(),
)


class Shelf(ormar.Model):
    ormar_config = base_ormar_config.copy(tablename="shelves")

    id: int = ormar.Integer(primary_key=True)
    label: str = ormar.String(max_length=20, unique=True)


class Placing(ormar.Model):
    """The through model. It may have columns of its own, but no relations: ormar adds both."""

    ormar_config = base_ormar_config.copy(tablename="placings")

    id: int = ormar.Integer(primary_key=True)
    position: int = ormar.Integer(default=1)


class Book(ormar.Model):
    ormar_config = base_ormar_config.copy(tablename="books")

    id: int = ormar.Integer(primary_key=True)
    title: str = ormar.String(max_length=150)
    shelves = ormar.ManyToMany(Shelf, through=Placing)


class Loan(ormar.Model):
    ormar_config = base_ormar_config.copy(tablename="loans")

    id: int = ormar.Integer(primary_key=True)
    # No related_name: the way back is `book.loans`.
    book: Book = ormar.ForeignKey(Book, nullable=False, ondelete="CASCADE")
    borrower: str = ormar.String(max_length=80)
