//! Why ormar 0.26 has things its way: one sentence for each line of a comparison.

use crate::compare::Aspect;

/// The sentence; see [`Orm::habit`](crate::orm::Orm::habit). Each is a rule that the recorded cases show.
pub(super) const fn habit(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Table => "The class's name in lower case and `s`; `tablename` replaces it.",
        Aspect::Key => "ormar adds no key: a model without one is an error.",
        Aspect::Column => "The field's name as it is, without `_id`; `name` replaces it.",
        Aspect::Null => {
            "A foreign key may be empty unless it says `nullable=False`; other fields may not, unless they say so."
        }
        Aspect::Index => "A foreign key gets no index unless it says `index=True`.",
        Aspect::OnDelete => "The database does it, and only where `ondelete` says what.",
        Aspect::Accessor => {
            "The declaring class's name in lower case and `s`; `related_name` replaces it. A unique foreign key is a list on the other side, too."
        }
        Aspect::QueryName => "The same name as the attribute.",
        Aspect::ThroughClass => "Both classes' names, the owner's first, without anything between.",
        Aspect::ThroughTable => {
            "Both classes' names in lower case, each with `s`, joined by `_`, whatever their tables are called."
        }
        Aspect::ThroughColumns => {
            "A key of its own, the target, the owner; named as the classes are, without `_id`."
        }
        Aspect::UniquePair => {
            "Nothing keeps a pair from being there twice, unless the through model declares a unique constraint."
        }
    }
}
