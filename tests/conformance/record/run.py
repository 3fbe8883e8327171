"""Runs the statements that Throughline writes in real databases, for every case whose models the ORM accepts.

    python run.py PATH/TO/throughline

SQLite is Python's own. PostgreSQL and MySQL (or MariaDB) are left out where PGHOST or MYSQL_HOST is not set; see README.md. Each case
gets a database of its own that is dropped afterwards. Prints one line for each failure and a count; it has no part in the suite.
"""

import json
import os
import pathlib
import sqlite3
import subprocess
import sys

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"
ORMS = ["django", "ormar", "peewee", "tortoise"]


def cases():
    for orm in ORMS:
        for folder in sorted((FIXTURES / orm).iterdir()):
            expected = folder / "expected.json"
            if expected.exists() and json.loads(expected.read_text()).get("schema_status") == "created":
                yield orm, folder


def script(program, orm, folder, dialect):
    command = [program, "convert", "--from", orm, "--to", dialect, str(folder / "models.py")]
    return subprocess.run(command, capture_output=True, text=True).stdout



def sqlite(sql):
    connection = sqlite3.connect(":memory:")
    connection.executescript(sql)


def postgres(sql):
    import psycopg

    with psycopg.connect(dbname="postgres", autocommit=True) as server:
        server.execute("DROP SCHEMA public CASCADE")
        server.execute("CREATE SCHEMA public")
        for statement in sql.split(";\n"):
            if statement.strip():
                server.execute(statement.encode())


def mysql(sql):
    import MySQLdb

    server = MySQLdb.connect(
        host=os.environ["MYSQL_HOST"],
        port=int(os.environ.get("MYSQL_PORT", "3306")),
        user=os.environ.get("MYSQL_USER", ""),
        charset="utf8mb4",
    )
    cursor = server.cursor()
    cursor.execute("DROP DATABASE IF EXISTS recorded")
    cursor.execute("CREATE DATABASE recorded")
    cursor.execute("USE recorded")
    for statement in sql.split(";\n"):
        if statement.strip():
            cursor.execute(statement)
    server.close()


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    runs = [("sqlite", sqlite)]
    runs += [("postgres", postgres)] * ("PGHOST" in os.environ)
    runs += [("mysql", mysql)] * ("MYSQL_HOST" in os.environ)
    for dialect, run in runs:
        passed = failed = 0
        for orm, folder in cases():
            try:
                run(script(program, orm, folder, dialect))
                passed += 1
            except Exception as error:  # noqa: BLE001
                failed += 1
                print(f"{dialect}: {orm}/{folder.name}: {str(error).strip().splitlines()[0]}")
        print(f"{dialect}: {passed} ran, {failed} failed")


if __name__ == "__main__":
    main()
