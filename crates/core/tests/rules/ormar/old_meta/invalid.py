# expect: advice Author
# expect: advice Book
import databases
import ormar
import sqlalchemy

database = databases.Database("sqlite:///db.sqlite")
metadata = sqlalchemy.MetaData()


class BaseMeta(ormar.ModelMeta):
    metadata = metadata
    database = database


class Author(ormar.Model):
    class Meta(BaseMeta):
        tablename = "authors"

    id: int = ormar.Integer(primary_key=True)


class Book(ormar.Model):
    class Meta:
        tablename = "books"
        database = database
        metadata = metadata
        constraints = [ormar.UniqueColumns("id")]

    id: int = ormar.Integer(primary_key=True)
    author = ormar.ForeignKey(Author)
