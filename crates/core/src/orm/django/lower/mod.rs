//! Stage 4 for Django: resolved models to tables.

mod cast;
mod columns;
mod condition;
mod constraints;
mod digest;
mod expression;
mod literal;
pub(super) mod spelling;
mod table;

use rustc_hash::{FxHashMap, FxHashSet};
use throughline_order::Arrange as _;

use crate::document::Document;
use crate::resolve::{Resolved, ResolvedModel};
use crate::sql::Dialect;
use crate::tables::{Table, Tables};

/// Runs the stage. What is "native" in the tables is so for the database; besides that each has what is said in standard SQL.
pub(super) fn lower(document: &Document, resolved: &Resolved, dialect: Dialect) -> Tables {
    let mut tables: Vec<Table> = Vec::new();
    let mut names: FxHashSet<&str> = FxHashSet::default();
    let wanted = external(resolved);
    for model in &resolved.models {
        if has_table(resolved, model)
            && (is_own(model, resolved) || wanted.contains(model.name.as_str()))
            && names.insert(&model.table)
        {
            let scope = table::Scope { document, resolved, dialect };
            tables.push(table::lower(scope, model, !is_own(model, resolved)));
        }
    }
    tables.arrange_by(|a, b| a.name.cmp(&b.name));
    Tables { orm: "django", tables }
}

/// Whether a model stands in the file, or is generated for one that does.
fn is_own(model: &ResolvedModel, resolved: &Resolved) -> bool {
    match &model.generated_by {
        Some((owner, _)) => resolved.model(owner).is_some_and(|owner| owner.declared.is_some()),
        None => model.declared.is_some(),
    }
}

/// Proxies and unmanaged models have no table of their own; a through model goes with its owner, and needs both of its ends.
fn has_table(resolved: &Resolved, model: &ResolvedModel) -> bool {
    match &model.generated_by {
        Some((owner, field)) => {
            let stands_behind = |owner: &ResolvedModel| {
                !owner.meta.unmanaged
                    && owner.forward.iter().any(|forward| {
                        let through = forward.through.as_ref();
                        forward.field == *field
                            && through.is_some_and(|through| through.model == model.name)
                    })
            };
            resolved.model(owner).is_some_and(stands_behind)
                && model.forward.iter().all(|forward| forward.known)
        }
        None => !model.proxy && !model.meta.unmanaged,
    }
}

/// Models of other apps whose tables those of this one reference, directly or through each other.
fn external(resolved: &Resolved) -> FxHashSet<&str> {
    let mut found = FxHashSet::default();
    let mut left: Vec<&ResolvedModel> =
        resolved.models.iter().filter(|model| is_own(model, resolved)).collect();
    while let Some(model) = left.pop() {
        for forward in model.forward.iter().filter(|forward| forward.column.is_some()) {
            if let Some(target) = resolved.model(&forward.target)
                && !is_own(target, resolved)
                && found.insert(target.name.as_str())
            {
                left.push(target);
            }
        }
    }
    found
}

/// Columns by field name.
type Columns = FxHashMap<String, columns::Named>;
