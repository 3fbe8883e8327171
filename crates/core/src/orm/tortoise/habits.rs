//! Why Tortoise ORM 1.1.9 has things its way: one sentence for each line of a comparison.

use crate::compare::Aspect;

/// The sentence; see [`Orm::habit`](crate::orm::Orm::habit). Each is a rule that the recorded cases show.
pub(super) const fn habit(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Table => "The class's name in lower case; `Meta.table` replaces it.",
        Aspect::Key => "A model without a key gets `id`, an `IntField`.",
        Aspect::Column => "The field's name and `_id`; `source_field` replaces it.",
        Aspect::Null => "A column may be empty only where the field says `null=True`.",
        Aspect::Index => "A foreign key gets no index unless it says `db_index=True`.",
        Aspect::OnDelete => "The database does it; without `on_delete` it cascades.",
        Aspect::Accessor => {
            "The declaring model's table and `s`, for every kind of relation; `related_name` replaces it."
        }
        Aspect::QueryName => "The same name as the attribute.",
        Aspect::ThroughClass => "Tortoise makes a table without a class.",
        Aspect::ThroughTable => {
            "Both tables' names, the owner's first, joined by `_`; `through` replaces it."
        }
        Aspect::ThroughColumns => {
            "Both keys and nothing else: the generated table has no key of its own."
        }
        Aspect::UniquePair => {
            "The generated table has a unique index on the pair; a model that owns the table keeps only what it declares."
        }
    }
}
