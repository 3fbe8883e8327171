import databases
import sqlalchemy
import ormar
from ormar import pre_save
from typing import Optional, List, Union, ForwardRef

DATABASE_URL = "sqlite:///db.sqlite"
base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    database=databases.Database("sqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)

class BaseMeta(ormar.ModelMeta):
    metadata = metadata
    database = database

class Album(ormar.Model):
    class Meta(BaseMeta):
        tablename = "albums"

    ormar_config = base_ormar_config.copy(tablename="albums")
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)
    name: str = ormar.String(max_length=100)
    title: str = ormar.String(max_length=200, nullable=True)
    text: str = ormar.Text()
    completed: bool = ormar.Boolean(default=False)
    created: datetime.datetime = ormar.DateTime(default=datetime.datetime.now)
    date: datetime.date = ormar.Date()
    price: decimal.Decimal = ormar.Decimal(max_digits=10, decimal_places=2)
    position: int = ormar.Integer(minimum=0)
    size: int = ormar.BigInteger()
    rating: float = ormar.Float(nullable=True)
    uid: uuid.UUID = ormar.UUID(primary_key=True, default=uuid.uuid4)
    data: pydantic.Json = ormar.JSON()
    album: Optional[Album] = ormar.ForeignKey(Album, related_name="tracks", nullable=False)
    album: Optional[Union[Album, Dict]] = ormar.ForeignKey(Album, skip_reverse=True, ondelete=ormar.ReferentialAction.CASCADE)
    categories: Optional[List[Category]] = ormar.ManyToMany(Category, through=PostCategory, related_name="posts")
    categories: List[Category] = ormar.ManyToMany(Category, through_relation_name="post", through_reverse_relation_name="category")

PersonRef = ForwardRef("Person")
Person.update_forward_refs()
