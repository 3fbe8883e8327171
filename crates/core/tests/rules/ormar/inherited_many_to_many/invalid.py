# expect: TypeError Car.owners
# expect: TypeError Boat.lenders
import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Owner(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)


class Owned(ormar.Model):
    ormar_config = base_ormar_config.copy(abstract=True)

    id: int = ormar.Integer(primary_key=True)
    owners = ormar.ManyToMany(Owner)


class Car(Owned):
    ormar_config = base_ormar_config.copy(tablename="cars")



class Lent(ormar.Model):
    ormar_config = base_ormar_config.copy(abstract=True)

    id: int = ormar.Integer(primary_key=True)
    lenders = ormar.ManyToMany(Owner, related_name="lent")


class Boat(Lent):
    ormar_config = base_ormar_config.copy()

