//! Why Peewee 4.5 has things its way: one sentence for each line of a comparison.

use crate::compare::Aspect;

/// The sentence; see [`Orm::habit`](crate::orm::Orm::habit). Each is a rule that the recorded cases show.
pub(super) const fn habit(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Table => "The class's name in lower case; `Meta.table_name` replaces it.",
        Aspect::Key => "A model without a key gets `id`, an `AutoField`.",
        Aspect::Column => {
            "The field's name and `_id`, unless it ends so already; `column_name` replaces it."
        }
        Aspect::Null => "A column may be empty only where the field says `null=True`.",
        Aspect::Index => "Every foreign key gets an index.",
        Aspect::OnDelete => {
            "The database does it, and only where `on_delete` says what; SQLite must be told to enforce keys at all."
        }
        Aspect::Accessor => {
            "The declaring class's name in lower case and `_set`, or and `s` for a many-to-many; `backref` replaces it, and the last one wins."
        }
        Aspect::QueryName => "The same name as the attribute.",
        Aspect::ThroughClass => "Both classes' names, the owner's first, and `Through`.",
        Aspect::ThroughTable => {
            "Both tables' names, the owner's first, joined by `_`, and `_through`."
        }
        Aspect::ThroughColumns => "A key of its own, the owner's key, the target's key.",
        Aspect::UniquePair => {
            "The generated table has a unique index on the pair; a through model has it only where it declares it."
        }
    }
}
