//! The five tutorials that this project began with, line by line: what each line does in the real ORM, and which test holds us to it.
//!
//! [`LINES`] is the index. The tutorials' models and calls are asked anew, in other words. What runs is recorded (`fixtures/<orm>/48?-seed-…`
//! and older cases) and compared by `queries.rs` and `main.rs`; here is checked that the call is there. What cannot be recorded, as
//! the recordings start every project and bind every model, is run here as the console does.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: what is missing fails it"
)]

use std::path::{Path, PathBuf};

use serde_json::Value;
use throughline_core::{analyze, orm};
use throughline_play::{Local, steps};

/// What holds a line.
enum Held {
    /// A recorded call: case, call.
    Call(&'static str, &'static str),
    /// Recorded models, and a word of ours on them.
    Says(&'static str, &'static str),
    /// Recorded models on which there is nothing to say but advice.
    Fine(&'static str),
    /// A script on these models, and how its last statement ends: with a value, or with an exception and its message.
    Runs(&'static str, &'static str, &'static str, Ends),
    /// A text, and a word of ours on it.
    Text(&'static str, &'static str, &'static str),
}

enum Ends {
    Shows(&'static str),
    Raises(&'static str, &'static str),
}

use Ends::{Raises, Shows};
use Held::{Call, Fine, Runs, Says, Text};

const BOTH_SIDES: &str = r#"
from tortoise import fields
from tortoise.models import Model


class Player(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40)
    badges = fields.ManyToManyField("models.Badge", related_name="players", through="player_badge")


class Badge(Model):
    id = fields.IntField(primary_key=True)
    title = fields.CharField(max_length=40)
    players = fields.ManyToManyField("models.Player", related_name="badges", through="player_badge")
"#;

const START: &str = r#"
from tortoise import Tortoise
await Tortoise.init(db_url="sqlite://:memory:", modules={"models": ["game"]})
await Tortoise.generate_schemas()
"#;

const STARTED: &str = r#"
from tortoise import Tortoise
try:
    await Tortoise.init(db_url="sqlite://:memory:", modules={"models": ["game"]})
except Exception:
    pass
async def hand_out():
    ann = await Player.create(name="Ann")
    return ann
await hand_out()
"#;

const OLD_SYNTAX: &str = r#"
import ormar
import sqlalchemy

metadata = sqlalchemy.MetaData()


class Writer(ormar.Model):
    class Meta:
        tablename = "writers"
        metadata = metadata

    id: int = ormar.Integer(primary_key=True)
    name: str = ormar.String(max_length=80)
"#;

const LONELY: &str = r#"
from peewee import *

database = SqliteDatabase("clubs.db")


class Member(Model):
    nick = CharField(unique=True)


class Club(Model):
    name = CharField(unique=True)


class Entry(Model):
    member = ForeignKeyField(Member)
    club = ForeignKeyField(Club)

    class Meta:
        database = database
"#;

const UNBOUND: &str = "Query must be bound to a database in order to call \"execute\".";

/// Seed, line, what holds it.
const LINES: &[(&str, &str, Held)] = &[
    // 000: Tortoise, many-to-many.
    (
        "000",
        "both sides declared: the models can be imported",
        Says("tortoise/008-m2m-declared-on-both-sides", "backward relation"),
    ),
    (
        "000",
        "pk=True is deprecated",
        Text(
            "tortoise",
            "from tortoise import fields\nfrom tortoise.models import Model\n\n\nclass Badge(Model):\n    id = fields.IntField(pk=True)\n",
            "`pk` is deprecated, please use `primary_key` instead",
        ),
    ),
    (
        "000",
        "a through model of the same name in another spelling has another table",
        Fine("tortoise/481-seed-the-other-side"),
    ),
    (
        "000",
        "Tortoise.init raises",
        Runs(
            "tortoise",
            BOTH_SIDES,
            START,
            Raises("ConfigurationError", "backward relation \"badges\" duplicates in model Player"),
        ),
    ),
    (
        "000",
        "calls afterwards raise without a helpful message",
        Runs(
            "tortoise",
            BOTH_SIDES,
            STARTED,
            Raises("AttributeError", "'Query' object has no attribute 'where'"),
        ),
    ),
    (
        "000",
        "repair, the one side: the function runs",
        Call("tortoise/480-seed-one-side-of-two", "function"),
    ),
    (
        "000",
        "repair, the one side: the other side is there",
        Call("tortoise/480-seed-one-side-of-two", "other-side"),
    ),
    (
        "000",
        "repair, the one side: rows are in the generated table",
        Call("tortoise/480-seed-one-side-of-two", "through-rows"),
    ),
    (
        "000",
        "repair, the one side: the extra model stays empty",
        Call("tortoise/480-seed-one-side-of-two", "through-model-count"),
    ),
    ("000", "repair, the other side", Call("tortoise/481-seed-the-other-side", "function")),
    (
        "000",
        "repair, a model with that very table: no unique index",
        Fine("tortoise/482-seed-through-table-of-a-model"),
    ),
    (
        "000",
        "repair, a model with that very table: both see the rows",
        Call("tortoise/482-seed-through-table-of-a-model", "through-model-count"),
    ),
    (
        "000",
        "several are added at once",
        Call("tortoise/480-seed-one-side-of-two", "several-at-once"),
    ),
    // 001: Tortoise, one-to-many.
    (
        "001",
        "ReverseRelation is assigned: nothing is declared",
        Says("tortoise/483-seed-reverse-relation", "nothing is declared"),
    ),
    ("001", "a foreign key with a related name", Fine("tortoise/483-seed-reverse-relation")),
    (
        "001",
        "a key is added where none is declared",
        Call("tortoise/483-seed-reverse-relation", "key-is-added"),
    ),
    ("001", "the rows are created", Call("tortoise/483-seed-reverse-relation", "created")),
    (
        "001",
        "the attribute alone is fine",
        Call("tortoise/483-seed-reverse-relation", "attribute-alone"),
    ),
    (
        "001",
        "iterating raises NoValuesFetched",
        Call("tortoise/483-seed-reverse-relation", "in-a-function"),
    ),
    (
        "001",
        "so do len, index, in and bool: iterated",
        Call("tortoise/483-seed-reverse-relation", "iterated"),
    ),
    (
        "001",
        "so do len, index, in and bool: len",
        Call("tortoise/483-seed-reverse-relation", "len"),
    ),
    (
        "001",
        "so do len, index, in and bool: index",
        Call("tortoise/483-seed-reverse-relation", "index"),
    ),
    ("001", "so do len, index, in and bool: in", Call("tortoise/483-seed-reverse-relation", "in")),
    (
        "001",
        "so do len, index, in and bool: bool",
        Call("tortoise/483-seed-reverse-relation", "bool"),
    ),
    ("001", "repair: await", Call("tortoise/483-seed-reverse-relation", "awaited")),
    ("001", "repair: async for", Call("tortoise/483-seed-reverse-relation", "async-for")),
    ("001", "repair: prefetch_related", Call("tortoise/483-seed-reverse-relation", "prefetched")),
    ("001", "repair: fetch_related", Call("tortoise/483-seed-reverse-relation", "fetched")),
    // 002: ormar, many-to-many.
    (
        "002",
        "import databases",
        Runs(
            "ormar",
            OLD_SYNTAX,
            "import databases",
            Raises("ModuleNotFoundError", "No module named 'databases'"),
        ),
    ),
    (
        "002",
        "ormar.ModelMeta",
        Runs(
            "ormar",
            OLD_SYNTAX,
            "ormar.ModelMeta",
            Raises("AttributeError", "module 'ormar' has no attribute 'ModelMeta'"),
        ),
    ),
    (
        "002",
        "a first class with `class Meta` is accepted, and we say so",
        Text("ormar", OLD_SYNTAX, "ormar does not read the class Meta of Writer."),
    ),
    (
        "002",
        "such a class is no model",
        Runs(
            "ormar",
            OLD_SYNTAX,
            "Writer.objects",
            Raises("AttributeError", "'ModelMetaclass' object has no attribute 'ormar_config'"),
        ),
    ),
    (
        "002",
        "the first relation to it raises",
        Says(
            "ormar/029-old-class-meta-syntax",
            "'ModelMetaclass' object has no attribute 'ormar_config'",
        ),
    ),
    ("002", "a through model of its own accord", Fine("ormar/480-seed-many-to-many")),
    (
        "002",
        "its table is named by the classes",
        Call("ormar/480-seed-many-to-many", "default-through"),
    ),
    (
        "002",
        "create with a related instance",
        Call("ormar/480-seed-many-to-many", "default-name-of-a-key"),
    ),
    ("002", "add inserts every time", Call("ormar/480-seed-many-to-many", "added-twice")),
    ("002", "a forgotten await", Call("ormar/480-seed-many-to-many", "without-await")),
    ("002", "the same with await", Call("ormar/480-seed-many-to-many", "with-await")),
    ("002", "the other end's default name", Call("ormar/480-seed-many-to-many", "other-end")),
    (
        "002",
        "related_name is on the target",
        Call("ormar/481-seed-skip-reverse", "related-name-is-on-the-target"),
    ),
    (
        "002",
        "several relations to one model need names",
        Says("ormar/012-fk-two-same-target-clash", "without related_name property set"),
    ),
    ("002", "skip_reverse: no attribute", Call("ormar/481-seed-skip-reverse", "no-attribute")),
    ("002", "skip_reverse: order_by", Call("ormar/481-seed-skip-reverse", "ordered-by-it")),
    ("002", "skip_reverse: filter", Call("ormar/481-seed-skip-reverse", "filtered-by-it")),
    (
        "002",
        "the tutorial's own slip: a field that is not there",
        Call("ormar/481-seed-skip-reverse", "field-that-is-not-there"),
    ),
    ("002", "dict(exclude=…)", Call("ormar/481-seed-skip-reverse", "dict")),
    ("002", "model_dump(exclude=…)", Call("ormar/481-seed-skip-reverse", "model-dump")),
    ("002", "a through model without annotations", Fine("ormar/482-seed-through-fields")),
    (
        "002",
        "through_relation_name: the columns have exactly those names",
        Call("ormar/483-seed-through-names", "columns"),
    ),
    (
        "002",
        "relations in a through model are forbidden",
        Text(
            "ormar",
            "import ormar\nimport sqlalchemy\n\nbase = ormar.OrmarConfig(database=ormar.DatabaseConnection(\"sqlite:///db\"), metadata=sqlalchemy.MetaData())\n\n\nclass Lesson(ormar.Model):\n    ormar_config = base.copy()\n    id: int = ormar.Integer(primary_key=True)\n\n\nclass Mark(ormar.Model):\n    ormar_config = base.copy()\n    id: int = ormar.Integer(primary_key=True)\n    lesson = ormar.ForeignKey(Lesson)\n\n\nclass Pupil(ormar.Model):\n    ormar_config = base.copy()\n    id: int = ormar.Integer(primary_key=True)\n    lessons = ormar.ManyToMany(Lesson, through=Mark)\n",
            "Through Models cannot have explicit relations defined. Remove the relations from Model Mark",
        ),
    ),
    (
        "002",
        "the shortcut is None on the queried model",
        Call("ormar/482-seed-through-fields", "none-on-the-queried"),
    ),
    ("002", "and the reverse pair", Call("ormar/482-seed-through-fields", "none-on-the-other")),
    ("002", "filter by the shortcut", Call("ormar/482-seed-through-fields", "filter-shortcut")),
    (
        "002",
        "filter through the relation",
        Call("ormar/482-seed-through-fields", "filter-through-relation"),
    ),
    (
        "002",
        "the same filter without select_related gives wrong rows",
        Call("ormar/482-seed-through-fields", "filter-without-select-related"),
    ),
    ("002", "order_by the shortcut", Call("ormar/482-seed-through-fields", "order-by")),
    (
        "002",
        "exclude_fields of the shortcut",
        Call("ormar/482-seed-through-fields", "exclude-fields"),
    ),
    ("002", "load, then update", Call("ormar/482-seed-through-fields", "load-then-update")),
    ("002", "update without load", Call("ormar/482-seed-through-fields", "update-without-load")),
    (
        "002",
        "load of a side of the through row",
        Call("ormar/482-seed-through-fields", "load-of-its-side"),
    ),
    ("002", "load_all of the through row", Call("ormar/482-seed-through-fields", "load-all")),
    ("002", "update through the relation", Call("ormar/482-seed-through-fields", "proxy-update")),
    ("002", "add with fields of the through model", Call("ormar/482-seed-through-fields", "rows")),
    ("002", "add of what has no key", Call("ormar/480-seed-many-to-many", "add-unsaved")),
    (
        "002",
        "add from the other end",
        Call("ormar/480-seed-many-to-many", "add-from-the-other-end"),
    ),
    (
        "002",
        "remove from the other end",
        Call("ormar/480-seed-many-to-many", "remove-from-the-other-end"),
    ),
    (
        "002",
        "clear from the other end",
        Call("ormar/480-seed-many-to-many", "clear-from-the-other-end"),
    ),
    (
        "002",
        "clear from the other end of customised names raises",
        Call("ormar/483-seed-through-names", "clear-from-the-other-end"),
    ),
    // 003: Peewee.
    ("003", "three models, of which one has a database", Text("peewee", LONELY, UNBOUND)),
    (
        "003",
        "create_tables raises",
        Runs(
            "peewee",
            LONELY,
            "database.create_tables([Member, Club, Entry])",
            Raises(
                "ImproperlyConfigured",
                "database attribute does not appear to be set on the model: <Model: Club>",
            ),
        ),
    ),
    (
        "003",
        "create raises",
        Runs("peewee", LONELY, "Member.create(nick='ann')", Raises("InterfaceError", UNBOUND)),
    ),
    (
        "003",
        "get raises",
        Runs(
            "peewee",
            LONELY,
            "Member.select().where(Member.nick == 'ann').get()",
            Raises("InterfaceError", UNBOUND),
        ),
    ),
    (
        "003",
        "keys have accessors all the same",
        Runs(
            "peewee",
            LONELY,
            "[hasattr(Member, 'entry_set'), hasattr(Club, 'entry_set')]",
            Shows("[True, True]"),
        ),
    ),
    (
        "003",
        "a class again, with the through model of the first",
        Says(
            "peewee/009-m2m-through-model-declared-before-redefinition",
            "Cannot find foreign-key to \"<Model: User>\" on \"<Model: Membership>\" model.",
        ),
    ),
    ("003", "the order that works", Fine("peewee/480-seed-clubs")),
    ("003", "the many-to-many is a query", Call("peewee/480-seed-clubs", "forward")),
    ("003", "it can be ordered", Call("peewee/480-seed-clubs", "ordered")),
    ("003", "and counted", Call("peewee/480-seed-clubs", "counted")),
    (
        "003",
        "<name>_set is the name of foreign keys alone",
        Call("peewee/480-seed-clubs", "not-the-name-of-a-key"),
    ),
    ("003", "the name of the other side", Call("peewee/480-seed-clubs", "reverse")),
    (
        "003",
        "the names of the foreign keys' other sides",
        Call("peewee/480-seed-clubs", "names-of-the-keys"),
    ),
    ("003", "once each is not enforced", Call("peewee/480-seed-clubs", "added-twice")),
    // 004: Django.
    (
        "004",
        "a page that lost its lines",
        Text(
            "django",
            "from django.db import models\n\nclass Pupil(models.Model):\n= models.CharField(max_length=100)\nname\n",
            "expected an indented block after class definition on line 3",
        ),
    ),
    ("004", "a hidden through model", Fine("django/480-seed-hidden-through")),
    ("004", "a through model of one's own", Fine("django/481-seed-own-through")),
    (
        "004",
        "both in one file",
        Text(
            "django",
            "from django.db import models\n\n\nclass Pupil(models.Model):\n    name = models.CharField(max_length=100)\n\n\nclass Pupil(models.Model):\n    name = models.CharField(max_length=100)\n",
            "was already registered.",
        ),
    ),
    ("004", "add", Call("django/480-seed-hidden-through", "add")),
    (
        "004",
        "create of a through row: the text stays a text",
        Call("django/481-seed-own-through", "text-stays-a-text"),
    ),
    (
        "004",
        "create of a through row: a date once it is read again",
        Call("django/481-seed-own-through", "date-when-read-again"),
    ),
    ("004", "update_or_create", Call("django/481-seed-own-through", "update-or-create")),
    (
        "004",
        "all, and the default accessor",
        Call("django/480-seed-hidden-through", "default-accessor"),
    ),
    ("004", "filter of through rows", Call("django/481-seed-own-through", "filter")),
    (
        "004",
        "filter by the query name of the through model",
        Call("django/481-seed-own-through", "filter-through"),
    ),
    ("004", "which is not the accessor's", Call("django/481-seed-own-through", "not-the-accessor")),
    ("004", "remove", Call("django/480-seed-hidden-through", "remove")),
    ("004", "clear", Call("django/480-seed-hidden-through", "clear")),
    ("004", "remove with a through model", Call("django/481-seed-own-through", "remove")),
    ("004", "clear with a through model", Call("django/481-seed-own-through", "clear")),
    (
        "004",
        "add with a through model that has a column without default",
        Call("django/481-seed-own-through", "add"),
    ),
    ("004", "add with through_defaults", Call("django/481-seed-own-through", "add-with-defaults")),
    ("004", "related_name: the accessor", Call("django/482-seed-related-name", "accessor")),
    (
        "004",
        "related_name: the default accessor is gone",
        Call("django/482-seed-related-name", "old-accessor"),
    ),
    (
        "004",
        "related_name: the query name follows",
        Call("django/482-seed-related-name", "query-name"),
    ),
    (
        "004",
        "related_name: the old query name is gone",
        Call("django/482-seed-related-name", "old-query-name"),
    ),
];

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn read(name: &str, file: &str) -> String {
    std::fs::read_to_string(case(name).join(file)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Messages of ours on models: all of them, and those that are more than advice.
fn said(id: &str, source: &str) -> (Vec<String>, Vec<String>) {
    let analysis = analyze(orm::by_id(id).expect("the ORM"), source);
    let advice = throughline_core::check::Severity::Advice;
    let serious = analysis.diagnostics.iter().filter(|found| found.severity != advice);
    (
        analysis.diagnostics.iter().map(|found| found.message.clone()).collect(),
        serious.map(|found| found.message.clone()).collect(),
    )
}

fn last(id: &str, models: &str, script: &str) -> Value {
    let local = Local::new(
        orm::by_id(id).expect("the ORM"),
        models.into(),
        chrono::NaiveDateTime::default(),
    );
    let (steps, _) = steps(&local.expect("calls of this ORM run"), script);
    steps["steps"].as_array().and_then(|steps| steps.last()).cloned().expect("a step")
}

#[test]
fn each_line_of_the_tutorials_is_held() {
    for (seed, line, held) in LINES {
        let place = format!("{seed}: {line}");
        match held {
            Call(name, call) => {
                let recorded: Value =
                    serde_json::from_str(&read(name, "expected_queries.json")).expect("JSON");
                let found = recorded["results"]
                    .as_array()
                    .expect("calls")
                    .iter()
                    .any(|each| each["name"] == *call);
                assert!(found, "{place}: {name} has no call {call}");
            }
            Says(name, text) => {
                let id = name.split('/').next().unwrap_or_default();
                let (all, _) = said(id, &read(name, "models.py"));
                assert!(all.iter().any(|message| message.contains(text)), "{place}: {all:?}");
            }
            Fine(name) => {
                let id = name.split('/').next().unwrap_or_default();
                let (_, serious) = said(id, &read(name, "models.py"));
                assert!(serious.is_empty(), "{place}: {serious:?}");
            }
            Text(id, models, text) => {
                let (all, _) = said(id, models);
                assert!(all.iter().any(|message| message.contains(text)), "{place}: {all:?}");
            }
            Runs(id, models, script, ends) => {
                let step = last(id, models, script);
                match ends {
                    Shows(value) => assert_eq!(step["repr"], *value, "{place}: {step}"),
                    Raises(class, message) => {
                        assert_eq!(step["exception"]["type"], *class, "{place}: {step}");
                        assert_eq!(step["exception"]["message"], *message, "{place}: {step}");
                    }
                }
            }
        }
    }
}
