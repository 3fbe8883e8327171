"""SQLAlchemy's DDL of the metadata that ormar's models stand in."""

import sys
import types

URLS = {"postgres": "postgresql+asyncpg://", "mysql": "mysql+aiomysql://"}


def statements(path, dialect):
    module = types.ModuleType("recorded_models")
    sys.modules["recorded_models"] = module
    exec(compile(path.read_text(), "models.py", "exec"), module.__dict__)
    import ormar
    import sqlalchemy

    out = []
    engine = sqlalchemy.create_mock_engine(
        URLS[dialect], lambda sql, *_, **__: out.append(str(sql.compile(dialect=engine.dialect)))
    )
    done = []
    for value in list(module.__dict__.values()):
        if isinstance(value, type) and issubclass(value, ormar.Model) and hasattr(value, "ormar_config"):
            metadata = value.ormar_config.metadata
            if metadata is not None and not any(metadata is other for other in done):
                done.append(metadata)
                metadata.create_all(engine, checkfirst=False)
    return out
