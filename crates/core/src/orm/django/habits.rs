//! Why Django 5.2 has things its way: one sentence for each line of a comparison.

use crate::compare::Aspect;

/// The sentence; see [`Orm::habit`](crate::orm::Orm::habit). Each is a rule that the recorded cases show.
pub(super) const fn habit(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Table => {
            "The app's label and the model's name in lower case, joined by `_`; `Meta.db_table` replaces it."
        }
        Aspect::Key => {
            "A model without a key gets `id`, a `BigAutoField` as `startproject` sets it up."
        }
        Aspect::Column => "The field's name and `_id`; `db_column` replaces it.",
        Aspect::Null => "A column may be empty only where the field says `null=True`.",
        Aspect::Index => "Every foreign key gets an index, unless it says `db_index=False`.",
        Aspect::OnDelete => {
            "Django deletes in Python, so that signals are sent: the database is told nothing."
        }
        Aspect::Accessor => {
            "The declaring model's name in lower case and `_set`, or the name alone for a one-to-one; `related_name` replaces it."
        }
        Aspect::QueryName => {
            "The declaring model's name in lower case, without `_set`; `related_query_name` or `related_name` replaces it."
        }
        Aspect::ThroughClass => "The model's name and the field's, joined by `_`.",
        Aspect::ThroughTable => {
            "The owner's table and the field's name, joined by `_`; `db_table` on the field replaces it."
        }
        Aspect::ThroughColumns => "A key of its own, the declaring model's key, the target's key.",
        Aspect::UniquePair => {
            "The generated table has a unique constraint on the pair; a through model has it only where it declares it."
        }
    }
}
