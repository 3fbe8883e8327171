# expect: UserWarning Note.json
# expect: NameError Note._secret
# expect: ValueError Note.model_dump
# expect: UserWarning Note.model_dump_to
# expect: AttributeError Note.objects
import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Note(ormar.Model):
    ormar_config = base_ormar_config.copy()

    id: int = ormar.Integer(primary_key=True)
    json: str = ormar.Text()
    _secret: str = ormar.Text()
    model_dump: str = ormar.Text()
    model_dump_to: str = ormar.Text()
    objects: int = ormar.Integer()
