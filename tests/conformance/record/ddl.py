"""Records what each ORM writes to make its tables in PostgreSQL and MySQL. See README.md beside this file."""

import importlib
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
ORMS = {orm: f"ddl_{orm}" for orm in ["django", "ormar", "peewee", "tortoise"]}


def cases(chosen):
    """The folders of the cases whose models the ORM accepts and makes tables of."""
    for orm in sorted(ORMS):
        for folder in sorted((FIXTURES / orm).iterdir()):
            expected = folder / "expected.json"
            if chosen and f"{orm}/{folder.name}" not in chosen and orm not in chosen:
                continue
            if expected.exists() and json.loads(expected.read_text()).get("schema_status") == "created":
                yield orm, folder


def record(orm, folder):
    """Writes the files of one case. Runs in a process of its own, as ORMs keep their models in global registries."""
    for dialect in ["postgres", "mysql"]:
        child = os.fork()
        if not child:
            sys.exit(record_dialect(orm, folder, dialect))
        os.waitpid(child, 0)


def record_dialect(orm, folder, dialect):
    path = folder / f"ddl_{dialect}.sql"
    path.unlink(missing_ok=True)
    try:
        statements = importlib.import_module(ORMS[orm]).statements(folder / "models.py", dialect)
    except Exception as error:  # noqa: BLE001
        print(f"{orm}/{folder.name}: {dialect}: {type(error).__name__}: {error}", file=sys.stderr)
        return
    # By default an ORM adds IF NOT EXISTS: then what makes a table or an index of a known name does nothing.
    made = {}
    for statement in statements:
        statement = statement.strip().rstrip(";")
        words = statement.replace("CREATE UNIQUE INDEX", "CREATE INDEX").split(maxsplit=3)
        # MySQL's indexes belong to their tables, so there two of one name are two.
        named = ["TABLE", "INDEX"] if dialect == "postgres" else ["TABLE"]
        what = tuple(words[:3]) if words[0] == "CREATE" and words[1] in named else statement
        made.setdefault(what, f"{statement};\n")
    path.write_text("".join(made.values()))


def main():
    if sys.argv[1:2] == ["--one"]:
        sys.path.insert(0, str(HERE))
        return record(sys.argv[2], pathlib.Path(sys.argv[3]))
    for orm, folder in cases(sys.argv[1:]):
        subprocess.run([sys.executable, __file__, "--one", orm, str(folder)], check=True)


if __name__ == "__main__":
    main()
