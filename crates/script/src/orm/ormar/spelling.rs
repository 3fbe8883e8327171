//! How ormar's calls are spelled.

use crate::assist::spelling::{
    Ahead, At, Back, COMMON_LOOKUPS, FirstBy, Gives, Keywords, Method, Slice, Spelling, Style,
    Takes, Texts, When,
};

use Gives::{List, One, Rows, Value};
use Takes::{Conditions, Fields, Names, Nothing, Relations};

pub(super) static SPELLING: Spelling = Spelling {
    manager: Some("objects"),
    on_class: &[],
    on_rows: &[
        Method::new("all", List, Conditions, "All rows, as a list."),
        Method::new("bulk_create", Value, Nothing, "Inserts many instances in one statement."),
        Method::new("bulk_update", Value, Nothing, "Writes many instances."),
        Method::new("count", Value, Nothing, "How many rows there are, counted by the database."),
        Method::new("create", One, Fields, "Makes an instance and saves it."),
        Method::new(
            "delete",
            Value,
            Conditions,
            "Deletes the rows; `each=True` where there is no condition.",
        ),
        Method::new("exclude", Rows, Conditions, "The rows for which the conditions do not hold."),
        Method::new("exclude_fields", Rows, Names, "All fields but these."),
        Method::new("exists", Value, Nothing, "Whether there is any row."),
        Method::new("fields", Rows, Names, "Only these fields."),
        Method::new("filter", Rows, Conditions, "The rows for which all conditions hold."),
        Method::new("first", One, Conditions, "The first row; raises where there is none."),
        Method::new("first_or_none", One, Conditions, "The first row, or None."),
        Method::new(
            "get",
            One,
            Conditions,
            "The one row for which the conditions hold; raises where there is none, or more than one.",
        ),
        Method::new(
            "get_or_create",
            Value,
            Conditions,
            "The row, or a new one; and whether it is new.",
        ),
        Method::new("get_or_none", One, Conditions, "The one row, or None."),
        Method::new("limit", Rows, Nothing, "At most so many rows."),
        Method::new("offset", Rows, Nothing, "Without the first so many rows."),
        Method::new("order_by", Rows, Names, "In this order; `-` turns one round."),
        Method::new("paginate", Rows, Nothing, "One page of the rows."),
        Method::new(
            "prefetch_related",
            Rows,
            Relations,
            "Loads relations with one more statement each.",
        ),
        Method::new("select_all", Rows, Nothing, "Loads all relations with joins."),
        Method::new(
            "select_related",
            Rows,
            Relations,
            "Loads relations with joins, in the same statement.",
        ),
        Method::new(
            "update",
            Value,
            Fields,
            "Writes values in all rows; `each=True` where there is no condition.",
        ),
        Method::new("update_or_create", Value, Fields, "Updates the row, or makes one."),
        Method::new("values", Value, Names, "Dictionaries in the place of instances."),
        Method::new("values_list", Value, Names, "Tuples in the place of instances."),
    ],
    on_many: &[
        Method::new("add", Value, Nothing, "Adds an instance to the relation."),
        Method::new("clear", Value, Nothing, "Takes all out of the relation."),
        Method::new("remove", Value, Nothing, "Takes an instance out of the relation."),
    ],
    on_one: &[
        Method::new("delete", Value, Nothing, "Deletes the row."),
        Method::new("load", One, Nothing, "Reads the row again."),
        Method::new("load_all", One, Nothing, "Reads the row and its relations."),
        Method::new("model_dump", Value, Nothing, "The instance as a dictionary."),
        Method::new("save", One, Nothing, "Inserts the row."),
        Method::new("save_related", Value, Nothing, "Saves what is related."),
        Method::new("update", One, Fields, "Updates the row."),
        Method::new("upsert", One, Nothing, "Updates the row where it has a key, else inserts it."),
    ],
    lookups: COMMON_LOOKUPS,
    names: &[],
    back: Back::Accessor,
    ahead: Ahead::Methods { one: "select_related", many: "select_related", at: At::Manager },
    style: Style::Keywords(Keywords {
        awaits: "await ",
        rows: ".all()",
        needs_all: false,
        distinct: "",
        slice: Slice::Limit,
        first: "first_or_none",
        first_by: FirstBy::Key,
        texts: Texts::List,
        delete_all: "each=True",
    }),
    differs: &[
        (
            When::OverMany,
            "Each row comes once, however many matches there are over a relation to many.",
        ),
        (When::Delete, "`on_delete` is left to the database."),
        (When::Loads, "ormar's `select_related()` loads relations to many, too."),
    ],
};
