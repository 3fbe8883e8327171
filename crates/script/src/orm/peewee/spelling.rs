//! How Peewee's calls are spelled.

use crate::assist::spelling::{
    Ahead, Back, COMMON_LOOKUPS, Gives, Method, Spelling, Style, Takes, When,
};

use Gives::{One, Rows, Value};
use Takes::{Conditions, Fields, Nothing};

pub(super) static SPELLING: Spelling = Spelling {
    manager: None,
    on_class: &[
        Method::new(
            "alias",
            Value,
            Nothing,
            "A second name for the table, to join it with itself.",
        ),
        Method::new("create", One, Fields, "Makes an instance and saves it."),
        Method::new("delete", Rows, Nothing, "A statement that deletes rows; `execute()` runs it."),
        Method::new("delete_by_id", Value, Nothing, "Deletes the row with this key."),
        Method::new(
            "filter",
            Rows,
            Conditions,
            "The rows for which all conditions hold, by keywords.",
        ),
        Method::new(
            "get",
            One,
            Nothing,
            "The first row for which the expressions hold; raises where there is none.",
        ),
        Method::new("get_by_id", One, Nothing, "The row with this key."),
        Method::new(
            "get_or_create",
            Value,
            Fields,
            "The row, or a new one; and whether it is new.",
        ),
        Method::new("get_or_none", One, Nothing, "The first row, or None."),
        Method::new(
            "insert",
            Value,
            Fields,
            "A statement that inserts a row; `execute()` runs it.",
        ),
        Method::new(
            "insert_many",
            Value,
            Nothing,
            "A statement that inserts many rows; `execute()` runs it.",
        ),
        Method::new("select", Rows, Nothing, "A query; with the fields to select, or all."),
        Method::new("update", Rows, Fields, "A statement that updates rows; `execute()` runs it."),
    ],
    on_rows: &[
        Method::new("count", Value, Nothing, "How many rows there are, counted by the database."),
        Method::new("dicts", Value, Nothing, "Dictionaries in the place of instances."),
        Method::new("distinct", Rows, Nothing, "Each row once."),
        Method::new("execute", Value, Nothing, "Runs the statement."),
        Method::new("exists", Value, Nothing, "Whether there is any row."),
        Method::new("first", One, Nothing, "The first row, or None."),
        Method::new("get", One, Nothing, "The first row; raises where there is none."),
        Method::new("group_by", Rows, Nothing, "Groups for aggregates."),
        Method::new("having", Rows, Nothing, "A condition on groups."),
        Method::new(
            "join",
            Rows,
            Nothing,
            "Joins a model from where the query stands, and goes on from there.",
        ),
        Method::new("join_from", Rows, Nothing, "Joins a model from another that is named."),
        Method::new("limit", Rows, Nothing, "At most so many rows."),
        Method::new("namedtuples", Value, Nothing, "Named tuples in the place of instances."),
        Method::new("objects", Rows, Nothing, "Instances of one model, without nesting."),
        Method::new("offset", Rows, Nothing, "Without the first so many rows."),
        Method::new("order_by", Rows, Nothing, "In this order; `.desc()` turns one round."),
        Method::new("scalar", Value, Nothing, "The first value of the first row."),
        Method::new("switch", Rows, Nothing, "Goes back to a model, to join from there."),
        Method::new("tuples", Value, Nothing, "Tuples in the place of instances."),
        Method::new("where", Rows, Nothing, "The rows for which the expressions hold."),
    ],
    on_many: &[
        Method::new("add", Value, Nothing, "Adds instances to a many-to-many."),
        Method::new("clear", Value, Nothing, "Takes all out of a many-to-many."),
        Method::new("remove", Value, Nothing, "Takes instances out of a many-to-many."),
    ],
    on_one: &[
        Method::new(
            "delete_instance",
            Value,
            Nothing,
            "Deletes the row; `recursive=True` with what points at it.",
        ),
        Method::new("get_id", Value, Nothing, "The key."),
        Method::new("save", Value, Nothing, "Writes the row: an insert or an update."),
    ],
    lookups: COMMON_LOOKUPS,
    names: &[
        ("Case", Nothing, "A value by conditions."),
        ("JOIN", Nothing, "Kinds of joins: `JOIN.LEFT_OUTER`."),
        ("fn", Nothing, "Functions of the database: `fn.COUNT(…)`."),
        ("prefetch", Nothing, "Loads queries and what is related, one statement each."),
    ],
    back: Back::Accessor,
    ahead: Ahead::Join,
    style: Style::Expressions,
    differs: &[
        (When::Get, "Peewee's `get()` takes the first of several rows, where others raise."),
        (When::OverMany, "A row comes once for each match over a relation to many."),
        (When::Delete, "`on_delete` is left to the database."),
        (
            When::ValuesOver,
            "Peewee's dictionaries have the names of the last fields alone, and its joins leave out rows that have nothing to join.",
        ),
    ],
};
