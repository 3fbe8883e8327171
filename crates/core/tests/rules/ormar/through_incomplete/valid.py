import ormar
import sqlalchemy
from typing import ForwardRef

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Person(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)
    clubs = ormar.ManyToMany(ForwardRef("Club"))


class Club(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)
    leader = ormar.ForeignKey(Person, related_name="led")


Person.update_forward_refs()
