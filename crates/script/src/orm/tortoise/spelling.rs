//! How Tortoise's calls are spelled.

use crate::assist::spelling::{Ahead, At, Back, COMMON_LOOKUPS, Gives, Method, Spelling, Takes};

use Gives::{List, One, Rows, Value};
use Takes::{Conditions, Fields, Names, Nothing, Relations};

pub(super) static SPELLING: Spelling = Spelling {
    manager: None,
    on_class: &[
        Method::new("all", Rows, Nothing, "All rows."),
        Method::new("annotate", Rows, Nothing, "Adds a computed value to each row."),
        Method::new("create", One, Fields, "Makes an instance and saves it."),
        Method::new("exclude", Rows, Conditions, "The rows for which the conditions do not hold."),
        Method::new("exists", Value, Conditions, "Whether there is any row."),
        Method::new("filter", Rows, Conditions, "The rows for which all conditions hold."),
        Method::new("first", One, Nothing, "The first row, or None."),
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
        Method::new("in_bulk", Value, Nothing, "A dictionary of instances by their keys."),
        Method::new(
            "update_or_create",
            Value,
            Conditions,
            "Updates the row, or makes one; and whether it is new.",
        ),
    ],
    on_rows: &[
        Method::new("all", Rows, Nothing, "All rows."),
        Method::new("annotate", Rows, Nothing, "Adds a computed value to each row."),
        Method::new("count", Value, Nothing, "How many rows there are, counted by the database."),
        Method::new("delete", Value, Nothing, "Deletes the rows."),
        Method::new("distinct", Rows, Nothing, "Each row once."),
        Method::new("exclude", Rows, Conditions, "The rows for which the conditions do not hold."),
        Method::new("exists", Value, Nothing, "Whether there is any row."),
        Method::new("filter", Rows, Conditions, "The rows for which all conditions hold."),
        Method::new("first", One, Nothing, "The first row, or None."),
        Method::new("get", One, Conditions, "The one row for which the conditions hold."),
        Method::new("get_or_none", One, Conditions, "The one row, or None."),
        Method::new("group_by", Rows, Names, "Groups for `annotate` and `values`."),
        Method::new("in_bulk", Value, Nothing, "A dictionary of instances by their keys."),
        Method::new("last", One, Nothing, "The last row, or None."),
        Method::new("limit", Rows, Nothing, "At most so many rows."),
        Method::new("offset", Rows, Nothing, "Without the first so many rows."),
        Method::new("only", Rows, Names, "Only these fields."),
        Method::new("order_by", Rows, Names, "In this order; `-` turns one round."),
        Method::new(
            "prefetch_related",
            Rows,
            Relations,
            "Loads relations with one more statement each.",
        ),
        Method::new(
            "select_related",
            Rows,
            Relations,
            "Loads relations to one with a join, in the same statement.",
        ),
        Method::new("update", Value, Fields, "Writes values in all rows, in one statement."),
        Method::new("values", Value, Names, "Dictionaries in the place of instances."),
        Method::new("values_list", Value, Names, "Tuples in the place of instances."),
    ],
    on_many: &[
        Method::new("add", Value, Nothing, "Adds instances to the relation."),
        Method::new("clear", Value, Nothing, "Takes all out of the relation."),
        Method::new("remove", Value, Nothing, "Takes instances out of the relation."),
    ],
    on_one: &[
        Method::new("delete", Value, Nothing, "Deletes the row."),
        Method::new("fetch_related", List, Relations, "Loads relations of this instance."),
        Method::new("refresh_from_db", Value, Nothing, "Reads the row again."),
        Method::new("save", Value, Nothing, "Writes the row: an insert or an update."),
        Method::new(
            "update_from_dict",
            One,
            Nothing,
            "Sets fields from a dictionary, without saving.",
        ),
    ],
    lookups: COMMON_LOOKUPS,
    names: &[
        ("Count", Names, "How many there are in a group."),
        ("F", Names, "The value of a field, in the database."),
        ("Prefetch", Relations, "A relation for `prefetch_related`, with its own query."),
        ("Q", Conditions, "Conditions that `&`, `|` and `~` combine."),
        ("Sum", Names, "The sum of a group."),
    ],
    back: Back::Accessor,
    ahead: Ahead::Methods { one: "select_related", many: "prefetch_related", at: At::Query },
};
