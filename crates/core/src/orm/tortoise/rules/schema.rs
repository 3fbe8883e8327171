//! How `generate_schemas` works: it checks all models, orders their tables, and runs the statements one after the other.
//!
//! Source: `get_create_schema_sql` of the schema generator.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::check::{Diagnostic, Moment};
use crate::document::Span;
use crate::orm::tortoise::world::{Class, World};

/// What is done one after the other.
#[derive(Clone, Copy)]
pub(super) enum Phase {
    /// `Model._check`.
    Check,
    /// The statements are put together.
    Write,
    /// The tables are put in order.
    Order,
    /// SQLite runs the statements.
    Run,
}

/// An exception of a phase; `place` is the model's place in it.
pub(super) fn refused(
    rule: &'static str,
    exception: &'static str,
    (phase, place): (Phase, usize),
    class: &Class<'_>,
    span: Span,
    message: impl Into<String>,
) -> Diagnostic {
    let moment = Moment { at: phase as u32, step: place as u32 };
    Diagnostic::unmakeable(rule, exception, moment, span, message).subject(class.name(), None)
}

/// The models in the order in which their tables are made, and those that are never reached as their references go round in circles.
///
/// Tortoise takes again and again the first model whose references are all there.
pub(super) fn order(world: &World<'_>) -> (Vec<usize>, Vec<usize>) {
    let mut open: Vec<usize> = Vec::with_capacity(world.app.len());
    let mut waiting: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let mut ready = BinaryHeap::new();
    for (place, class) in world.app.iter().map(|index| world.class(*index)).enumerate() {
        let Some(class) = class else { continue };
        let wanted: FxHashSet<&str> =
            references(world, class).into_iter().filter(|table| *table != class.table).collect();
        open.push(wanted.len());
        if wanted.is_empty() {
            ready.push(Reverse(place));
        }
        for table in wanted {
            waiting.entry(table).or_default().push(place);
        }
    }
    let mut out = Vec::with_capacity(open.len());
    while let Some(Reverse(place)) = ready.pop() {
        let Some(index) = world.app.get(place) else { continue };
        out.push(*index);
        let table = world.class(*index).map(|class| class.table.as_ref()).unwrap_or_default();
        for other in waiting.remove(table).unwrap_or_default() {
            let Some(count) = open.get_mut(other) else { continue };
            *count -= 1;
            if *count == 0 {
                ready.push(Reverse(other));
            }
        }
    }
    let stuck = world.app.iter().zip(&open).filter(|(_, count)| **count > 0);
    let stuck = stuck.map(|(index, _)| *index).collect();
    (out, stuck)
}

/// The tables that a model's keys point at, also without a constraint.
pub(super) fn references<'w>(world: &'w World<'_>, class: &Class<'_>) -> Vec<&'w str> {
    let related = class.columns.iter().filter_map(|id| {
        let relation = world.object(*id)?.reference?;
        world.class(world.relation(relation)?.related?)
    });
    related.map(|target| target.table.as_ref()).collect()
}
