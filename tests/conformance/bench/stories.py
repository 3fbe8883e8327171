#!/usr/bin/env python3
"""Times a script of calls with the real ORM on SQLite in memory: stories.py ORM MODELS SCRIPT ROUNDS.

The counterpart of crates/play/examples/orm_bench.rs: the script defines story(), each round calls it once on the same tables, and the
best and the middle round are printed in microseconds. Needs the ORMs of tests/conformance/record/requirements.txt.
"""
import asyncio, importlib.util, os, pathlib, sys, tempfile, time


def module(path):
    spec = importlib.util.spec_from_file_location("models", path)
    made = importlib.util.module_from_spec(spec)
    sys.modules["models"] = made
    spec.loader.exec_module(made)
    return made


def django(path):
    import types
    import django as dj
    from django.conf import settings

    app = types.ModuleType("app")
    app.__path__ = [str(pathlib.Path(path).parent)]
    sys.modules["app"] = app
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=["app"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=False,
    )
    dj.setup()
    import app.models as made
    from django.apps import apps
    from django.db import connection

    with connection.schema_editor() as editor:
        for model in apps.get_app_config("app").get_models():
            editor.create_model(model)
    return made, None


def peewee(path):
    made = module(path)
    made.db.init(":memory:")
    made.db.connect()
    made.db.create_tables([m for m in made.BaseModel.__subclasses__()])
    return made, None


def tortoise(path):
    made = module(path)

    async def start():
        from tortoise import Tortoise

        await Tortoise.init(db_url="sqlite://:memory:", modules={"models": ["models"]})
        await Tortoise.generate_schemas()

    return made, start


def ormar(path):
    # Its pool cannot be given a database in memory: a file in a file system in memory is as near as it gets.
    memory = pathlib.Path("/dev/shm")
    path = pathlib.Path(path).absolute()
    os.chdir(tempfile.mkdtemp(dir=memory if memory.exists() else None))
    made = module(path)

    async def start():
        import sqlalchemy

        config = next(v for v in vars(made).values() if type(v).__name__ == "OrmarConfig")
        await config.database.connect()
        engine = getattr(config.database, "engine", None) or config.database._engine
        async with engine.begin() as connection:
            await connection.run_sync(config.metadata.create_all)

    return made, start


def main():
    orm, models, script, rounds = sys.argv[1:]
    story = pathlib.Path(script).read_text()
    made, start = globals()[orm](models)
    names = dict(vars(made))
    exec(compile(story, script, "exec"), names)
    times = []

    async def loop():
        await start()
        for _ in range(int(rounds)):
            before = time.perf_counter_ns()
            await names["story"]()
            times.append((time.perf_counter_ns() - before) // 1000)

    if start:
        asyncio.run(loop())
    else:
        for _ in range(int(rounds)):
            before = time.perf_counter_ns()
            names["story"]()
            times.append((time.perf_counter_ns() - before) // 1000)
    times.sort()
    print(times[0], times[len(times) // 2], flush=True)
    # The drivers' threads would keep the process alive.
    os._exit(0)


main()
