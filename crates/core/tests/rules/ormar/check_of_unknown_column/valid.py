import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Course(ormar.Model):
    ormar_config = base_ormar_config.copy(
        constraints=[ormar.CheckColumns("start_date < end_date AND length(code) > 2 or code in ('a', 'b')")]
    )

    id: int = ormar.Integer(primary_key=True)
    code: str = ormar.String(max_length=5)
    start_date = ormar.Date()
    end_date = ormar.Date()
