//! Stage 3: what is wrong, said as a good compiler says it.

mod diagnostic;
pub mod fix;
pub mod names;
pub mod rules;

pub use diagnostic::{Cause, Context, Diagnostic, Fix, Moment, Rule, Severity, Stage, Subject};
use throughline_order::Arrange as _;

use crate::document::Document;
use crate::orm::Orm;
use crate::resolve::Resolved;
use crate::tables::Tables;

/// Runs the ORM's rules; the result is what the ORM would get to say, in source order.
pub fn run(
    orm: &dyn Orm,
    source: &str,
    document: &Document,
    resolved: &Resolved,
) -> Vec<Diagnostic> {
    told(orm, every(orm, source, document, resolved))
}

/// What stages 2 to 4 make of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Examined {
    /// Of stage 2.
    pub resolved: Resolved,
    /// Of stage 3.
    pub diagnostics: Vec<Diagnostic>,
    /// Of stage 4.
    pub tables: Tables,
}

/// Stages 2 to 4 in one, which costs less than each by itself: most ORMs' start-up is gone through once instead of thrice.
pub fn examine(orm: &dyn Orm, source: &str, document: &Document) -> Examined {
    let mut examined = orm.examine(source, document).unwrap_or_else(|| {
        let resolved = orm.resolve(document);
        let diagnostics = every(orm, source, document, &resolved);
        let tables = orm.lower(document, &resolved);
        Examined { resolved, diagnostics, tables }
    });
    examined.diagnostics = told(orm, examined.diagnostics);
    examined
}

fn told(orm: &dyn Orm, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut found = seen(orm, found);
    found.arrange_by_key(|diagnostic: &Diagnostic| (diagnostic.span, diagnostic.severity));
    found
}

/// All that the rules find, also what the ORM never gets to say because something stops it before.
pub fn every(
    orm: &dyn Orm,
    source: &str,
    document: &Document,
    resolved: &Resolved,
) -> Vec<Diagnostic> {
    orm.check(&Context { orm, source, document, resolved })
}

/// Leaves out what the ORM never gets to: after a syntax error everything; after an exception at import everything but
/// the warnings before it; after an exception in a check the other checks; the checks of models that cannot be checked; per model, all but the first failure of its table.
fn seen(orm: &dyn Orm, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if found.iter().any(|item| item.stage == Stage::Syntax) {
        found.retain(|item| item.stage == Stage::Syntax);
        return found;
    }
    let stops = |item: &&Diagnostic, stage| {
        item.stage == stage && item.exception.is_some() && item.severity == Severity::Error
    };
    if let Some(first) =
        found.iter().filter(|item| stops(item, Stage::Import)).map(|item| item.moment).min()
    {
        let mut told = false;
        found.retain(|item| match item.stage {
            Stage::Import if item.severity == Severity::Error => {
                item.moment == first && !std::mem::replace(&mut told, true)
            }
            Stage::Import => item.moment < first,
            Stage::Silent => true,
            Stage::Syntax | Stage::Check | Stage::Schema | Stage::Use => false,
        });
        return found;
    }
    if let Some(first) =
        found.iter().filter(|item| stops(item, Stage::Check)).map(|item| item.moment).min()
    {
        found.retain(|item| {
            item.stage != Stage::Check || (item.exception.is_some() && item.moment == first)
        });
        if orm.tables_need_start_up() {
            found.retain(|item| !matches!(item.stage, Stage::Schema | Stage::Use));
        }
    }
    let unchecked = unchecked(&found);
    found.retain(|item| !is_check_of(item, &unchecked));
    let mut tables = std::collections::BTreeMap::new();
    for item in found.iter().filter(|item| item.stage == Stage::Schema) {
        let first = tables.entry(item.object.clone()).or_insert(item.moment);
        *first = item.moment.min(*first);
    }
    let mut told = std::collections::BTreeSet::new();
    found.retain(|item| {
        item.stage != Stage::Schema
            || (tables.get(&item.object) == Some(&item.moment) && told.insert(item.object.clone()))
    });
    found
}

/// Models that Django cannot check, as something hides their method `check`.
fn unchecked(found: &[Diagnostic]) -> Vec<String> {
    found
        .iter()
        .filter(|item| item.id == Some("models.E020"))
        .filter_map(|item| item.subject.model.clone())
        .collect()
}

/// Whether the check of one of these models would have said it. What is looked up for all models together is said all the same.
fn is_check_of(item: &Diagnostic, models: &[String]) -> bool {
    let of_all = [
        "models.E020",
        "models.E022",
        "models.E028",
        "models.E029",
        "models.E030",
        "models.E031",
        "models.E032",
        "fields.E307",
    ];
    let by_model = item.stage == Stage::Check && item.id.is_none_or(|id| !of_all.contains(&id));
    by_model && item.subject.model.as_ref().is_some_and(|model| models.contains(model))
}
