"""Tortoise's schema generators. Their clients connect only when they are asked for rows."""

import asyncio
import sys
import types
import warnings

ENGINES = {"postgres": "tortoise.backends.asyncpg", "mysql": "tortoise.backends.mysql"}


def statements(path, dialect):
    return asyncio.run(generate(path, dialect))


async def generate(path, dialect):
    warnings.simplefilter("ignore")
    module = types.ModuleType("recorded_models")
    sys.modules["recorded_models"] = module
    exec(compile(path.read_text(), "models.py", "exec"), module.__dict__)
    from tortoise import Tortoise, connections
    from tortoise.utils import get_schema_sql

    credentials = {"host": "127.0.0.1", "port": 1, "user": "u", "password": "", "database": "d"}
    await Tortoise.init(
        config={
            "connections": {"default": {"engine": ENGINES[dialect], "credentials": credentials}},
            "apps": {"models": {"models": ["recorded_models"], "default_connection": "default"}},
        }
    )
    script = get_schema_sql(connections.get("default"), safe=False)
    return [statement for statement in script.split(";\n") if statement.strip()]
