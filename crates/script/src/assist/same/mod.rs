//! The same call in another ORM, where it can be said; why not, where it cannot.
//!
//! A call is read into a neutral form, whose ways go along relations by where those are declared, and is written with the names that the
//! other ORM gives to the same relations. What is not known to come to the same is refused by name.

mod read;
mod write;

use throughline_core::Span;

use super::graph::Graph;
use super::spelling::When;

/// A call in another ORM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Same {
    /// The call.
    pub code: String,
    /// In what it differs.
    pub notes: Vec<&'static str>,
}

/// A call, whoever's it is.
pub(super) enum Call {
    /// On the rows of a model.
    Query(Box<Query>),
    /// Adding to a many-to-many: whose, along what, and what.
    Add(String, Hop, String),
}

/// A call on the rows of a model.
#[derive(Default)]
pub(super) struct Query {
    pub(super) model: String,
    pub(super) conditions: Vec<Condition>,
    /// Each with whether it is turned round.
    pub(super) order: Vec<(Way, bool)>,
    /// Relations that are loaded with the rows.
    pub(super) loads: Vec<Way>,
    pub(super) distinct: bool,
    pub(super) limit: Option<String>,
    pub(super) end: End,
}

/// What a call gives.
#[derive(Default)]
pub(super) enum End {
    #[default]
    Rows,
    First,
    Get,
    Count,
    Exists,
    Delete,
    Values(Vec<Way>),
    Create(Vec<(String, String)>),
}

/// A condition.
pub(super) struct Condition {
    pub(super) negated: bool,
    pub(super) way: Way,
    pub(super) lookup: String,
    /// Its value, as the script has it.
    pub(super) value: String,
}

/// A way along relations, to a field or to the last of them.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) hops: Vec<Hop>,
    pub(super) field: Option<String>,
    /// Whether one of the relations is to many.
    pub(super) many: bool,
    /// Whether what it leads to may be NULL.
    pub(super) null: bool,
}

/// A relation, by where it is declared.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Hop {
    pub(super) model: String,
    pub(super) field: String,
    pub(super) forward: bool,
}

impl Query {
    /// What this call touches on which ORMs differ.
    fn touches(&self) -> Vec<When> {
        let mut out = Vec::new();
        if matches!(self.end, End::Get) {
            out.push(When::Get);
        }
        if matches!(self.end, End::Delete) {
            out.push(When::Delete);
        }
        if matches!(&self.end, End::Values(ways) if ways.iter().any(|way| !way.hops.is_empty())) {
            out.push(When::ValuesOver);
        }
        if !self.distinct && self.conditions.iter().any(|condition| condition.way.many) {
            out.push(When::OverMany);
        }
        if !self.loads.is_empty() {
            out.push(When::Loads);
        }
        out
    }
}

/// The call of a statement of `from`'s script as `to` has it.
pub(super) fn same(
    from: &Graph,
    to: &Graph,
    script: &str,
    statement: Span,
) -> Result<Same, String> {
    let call = read::call(from, script, statement)?;
    let code = write::call(to, &call)?;
    let mut notes = Vec::new();
    if let Call::Query(query) = &call {
        for when in query.touches() {
            let of = |graph: &Graph| {
                graph.spelling.differs.iter().find(|(of, _)| *of == when).map(|(_, note)| *note)
            };
            let (here, there) = (of(from), of(to));
            if here != there {
                notes.extend(there.or(here));
            }
        }
    }
    Ok(Same { code, notes })
}
