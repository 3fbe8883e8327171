#!/usr/bin/env python3
"""Load what `throughline convert` writes in the real ORMs, and compare the tables.

usage: convert_check.py --cli THROUGHLINE --runners DIR [--names keep|default] [--from ORM] [--to ORM]
                        [--case TEXT] [--show] CASES...

Run by hand, with the Python that has the four ORMs. DIR holds the runners `oracle_<orm>.py`, each of which
prints the schema document of a models file; CASES are folders with `<orm>/<case>/{models.py,expected.json}`.
Every case that its own ORM accepts is written for each ORM and loaded there. Per pair the table says:
  cases   valid cases
  load    written files that the real ORM accepts, tables included
  ours    of those: what we say of the written file agrees with the ORM, table by table
  same    of those: names, nullability, keys and uniques of all tables are those of the case
  said    of those that are not: something was listed as not sayable
  unsaid  entries in these lists
"""
import argparse
import json
import os
import pathlib
import re
import runpy
import subprocess
import sys
import tempfile

ORMS = ["django", "tortoise", "ormar", "peewee"]


def preload():
    """Children are forked: what is imported here is imported once."""
    import django.db.models  # noqa: F401
    import ormar  # noqa: F401
    import peewee  # noqa: F401
    import sqlalchemy  # noqa: F401
    import tortoise  # noqa: F401


def run_runner(runner, models):
    """The runner's document, from a child of its own."""
    with tempfile.TemporaryFile("w+") as out:
        pid = os.fork()
        if pid == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            sys.path.insert(0, str(runner.parent))
            sys.argv = [str(runner), str(models)]
            code = 0
            try:
                runpy.run_path(str(runner), run_name="__main__")
            except SystemExit:
                pass
            except BaseException as error:  # noqa: BLE001
                print(json.dumps({"ok": False, "diagnostics": [{"level": "exception", "msg": repr(error)}]}))
                code = 1
            sys.stdout.flush()
            os._exit(code)
        os.waitpid(pid, 0)
        out.seek(0)
        text = out.read()
    try:
        return json.loads(text)
    except ValueError:
        return {"ok": False, "diagnostics": [{"level": "exception", "msg": "no JSON: " + text[:200]}]}


def tables(doc, types):
    out = {}
    for table in doc.get("tables") or []:
        columns = {}
        for column in table["columns"]:
            facts = [bool(column.get("null")), bool(column.get("primary_key")), bool(column.get("unique"))]
            columns[column["name"]] = ([column.get("type")] if types else []) + facts
        keys = sorted([k["column"], k["ref_table"], k.get("ref_column")] + ([k.get("on_delete")] if types else [])
                      for k in table.get("foreign_keys") or [])
        groups = sorted(sorted(group) for group in table.get("unique_together") or [] if len(group) > 1)
        out[table["name"]] = {"columns": columns, "keys": keys, "groups": groups}
    return out


def differences(a, b, path=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) | set(b)):
            yield from differences(a.get(key), b.get(key), f"{path}/{key}")
    elif a != b:
        yield f"{path}: {json.dumps(a)} | {json.dumps(b)}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", required=True)
    parser.add_argument("--runners", type=pathlib.Path, required=True)
    parser.add_argument("--names", default="keep")
    parser.add_argument("--from", dest="source", choices=ORMS)
    parser.add_argument("--to", choices=ORMS)
    parser.add_argument("--case", default="")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("cases", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    # A child must not inherit lines that are still to be written.
    sys.stdout.reconfigure(line_buffering=True)
    preload()
    figures = {}
    for root in args.cases:
        for expected in sorted(root.rglob("expected.json")):
            models = expected.parent / "models.py"
            wanted = json.loads(expected.read_text())
            source = wanted.get("orm")
            if args.source not in (None, source) or args.case not in str(expected.parent):
                continue
            if not wanted.get("ok") or wanted.get("schema_status") != "created" or not models.exists():
                continue
            for to in ORMS if args.to is None else [args.to]:
                check(args, source, to, models, wanted, figures)
    print(f"{'from':9}{'to':9}{'cases':>6}{'load':>6}{'ours':>6}{'same':>6}{'said':>6}{'unsaid':>7}")
    for (source, to), row in sorted(figures.items()):
        print(f"{source:9}{to:9}" + "".join(f"{row[k]:>{w}}" for k, w in
              [("cases", 6), ("load", 6), ("ours", 6), ("same", 6), ("said", 6), ("unsaid", 7)]))
    sys.exit(any(row["load"] < row["cases"] or row["ours"] < row["cases"] for row in figures.values()))


def check(args, source, to, models, wanted, figures):
    row = figures.setdefault((source, to), dict.fromkeys(["cases", "load", "ours", "same", "said", "unsaid"], 0))
    name = f"{source}/{models.parent.name} to {to}"
    run = subprocess.run([args.cli, "convert", "--from", source, "--to", to, "--names", args.names, str(models)],
                         capture_output=True, text=True)
    if run.returncode == 1:
        print(f"{name}: in error for us: {run.stderr.splitlines()[-2:]}")
        return
    row["cases"] += 1
    unsaid = [line for line in run.stderr.splitlines() if "Methods, managers" not in line]
    row["unsaid"] += len(unsaid)
    with tempfile.TemporaryDirectory() as folder:
        written = pathlib.Path(folder) / "models.py"
        written.write_text(run.stdout)
        real = run_runner(args.runners / f"oracle_{to}.py", written)
        ours = subprocess.run([args.cli, "inspect", "--orm", to, str(written)], capture_output=True, text=True)
    if not real.get("ok") or real.get("schema_status") != "created":
        said = [d.get("msg") for d in real.get("diagnostics", []) if d.get("level") in ("error", "exception")]
        print(f"{name}: does not load: {str(said)[:400]}")
        if args.show:
            print(run.stdout)
        return
    row["load"] += 1
    ours = json.loads(ours.stdout) if ours.stdout else {}
    lines = list(differences(tables(ours, True), tables(real, True)))
    if not ours.get("ok"):
        lines.append("we refuse it")
    if lines:
        print(f"{name}: we and the ORM differ:", *lines[:6], sep="\n    ")
        if args.show:
            print(run.stdout)
    else:
        row["ours"] += 1
    lines = list(differences(tables(wanted, False), tables(real, False)))
    if not lines:
        row["same"] += 1
    elif unsaid:
        row["said"] += 1
    elif args.names == "keep":
        print(f"{name}: tables differ, and nothing is said:", *lines[:6], sep="\n    ")
        if args.show:
            print(run.stdout)


main()
