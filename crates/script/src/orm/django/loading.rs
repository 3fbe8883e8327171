//! From the columns of a row to an instance, with what `select_related` loads beside it.

use std::rc::Rc;

use throughline_core::document::{ColumnType, RelationKind};

use super::instance::{State, with_state};
use super::mask::Mask;
use super::query::Query;
use super::raise_field_error;
use crate::Machine;
use crate::database::Cell;
use crate::sql::Expr;
use crate::value::{Class, Instance, Outcome, Value};
use crate::world::{World, to_value};

/// A related instance.
struct Loaded {
    path: Rc<str>,
    model: usize,
    fields: Vec<(Rc<str>, ColumnType)>,
    /// What it calls the instance that it came with, where that is one row, too.
    back: Option<Rc<str>>,
}

/// How `select_related` came to a relation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Traversed {
    /// It was named, so that it cannot be deferred.
    Named,
    /// All that are never NULL are.
    All,
}

/// What the columns of a row become.
#[derive(Default)]
pub(super) struct Loading {
    pub(super) own: Vec<(Rc<str>, ColumnType)>,
    pub(super) extra: Vec<(Rc<str>, Option<ColumnType>)>,
    /// `select_related`: path, model, fields.
    related: Vec<Loaded>,
}

impl Loading {
    pub(super) fn relate(
        &mut self,
        query: &mut Query,
        machine: &mut Machine,
        path: &str,
        (mask, traversed): (&Mask, Traversed),
        columns: &mut Vec<(Expr, Option<Rc<str>>)>,
    ) -> Outcome<()> {
        let mut so_far = String::new();
        let mut mask = mask.clone();
        for part in path.split("__") {
            let inside = mask.below(part);
            if traversed == Traversed::Named && !mask.has(part) {
                let owner = match so_far.rsplit_once("__") {
                    Some((before, _)) => {
                        query.path(machine, before, &None)?.relation.map(|(model, _)| model)
                    }
                    None => query.model(),
                };
                let owner = owner.map(|owner| owner.name.clone()).unwrap_or_default();
                let message = format!(
                    "Field {owner}.{part} cannot be both deferred and traversed using select_related at the same time."
                );
                return Err(raise_field_error(machine, &message));
            }
            if !so_far.is_empty() {
                so_far.push_str("__");
            }
            so_far.push_str(part);
            if self.related.iter().any(|known| *known.path == *so_far) {
                mask = inside;
                continue;
            }
            let whole = query.path(machine, &so_far, &None)?;
            let Some((model, _)) =
                whole.relation.as_ref().filter(|_| !whole.many && whole.rest.is_empty()).cloned()
            else {
                return Err(raise_field_error(
                    machine,
                    &format!(
                        "Invalid field name(s) given in select_related: '{part}'. Choices are: (none)"
                    ),
                ));
            };
            let at = query.table_at(&whole);
            query.uses(at);
            let mut fields = Vec::new();
            // What its parents have comes from their tables, first.
            for parent in query.world.ancestors(&model) {
                if parent.fields.iter().all(|field| !inside.has(&field.name)) {
                    continue;
                }
                let up = query.table_of(at, &model, &parent.name);
                query.uses(up);
                for field in parent.fields.iter().filter(|field| inside.has(&field.name)) {
                    columns.push((query.column(up, &field.column), None));
                    fields.push((field.attname.clone(), field.ty.clone()));
                }
            }
            for field in model.fields.iter().filter(|field| inside.has(&field.name)) {
                columns.push((query.column(at, &field.column), None));
                fields.push((field.attname.clone(), field.ty.clone()));
            }
            let back = back_of(query, &so_far);
            let path = so_far.as_str().into();
            self.related.push(Loaded { path, model: model.at, fields, back });
            mask = inside;
        }
        Ok(())
    }

    pub(super) fn instance(
        &self,
        world: &Rc<World>,
        class: &Rc<Class>,
        row: &[Cell],
    ) -> Rc<Instance> {
        let instance = Rc::new(Instance::new(class.clone()));
        let mut cells = row.iter();
        for ((name, ty), cell) in self.own.iter().zip(cells.by_ref()) {
            instance.set(name, to_value(Some(ty), cell));
        }
        *instance.state.borrow_mut() = Some(Box::new(State { saved: true, ..State::default() }));
        for ((name, ty), cell) in self.extra.iter().zip(cells.by_ref()) {
            instance.set(name, super::read::value(ty.as_ref(), cell));
        }
        for Loaded { path, model, fields, back } in &self.related {
            let Some(class) = world.class(*model) else { continue };
            let related = Rc::new(Instance::new(class));
            let mut all_null = true;
            for ((name, ty), cell) in fields.iter().zip(cells.by_ref()) {
                all_null &= *cell == Cell::Null;
                related.set(name, to_value(Some(ty), cell));
            }
            *related.state.borrow_mut() = Some(Box::new(State { saved: true, ..State::default() }));
            let value = if all_null { Value::None } else { Value::Instance(related) };
            let (owner, name) = match path.rsplit_once("__") {
                Some((before, name)) => (follow(&instance, before), name),
                None => (Some(instance.clone()), &**path),
            };
            if let Some(owner) = owner {
                if let (Some(back), Value::Instance(related)) = (back, &value) {
                    let owner = Value::Instance(owner.clone());
                    with_state(related, |state| state.cache.insert(back.clone(), owner));
                }
                with_state(&owner, |state| state.cache.insert(name.into(), value));
            }
        }
        instance
    }
}

/// The other side of the relation that a path ends at, where both are one row.
fn back_of(query: &Query, path: &str) -> Option<Rc<str>> {
    let world = &query.world;
    let mut model = query.model()?;
    let (before, last) = path.rsplit_once("__").unwrap_or(("", path));
    for part in before.split("__").filter(|part| !part.is_empty()) {
        model = super::path::follow(world, &model, part)?;
    }
    let ancestors = world.ancestors(&model);
    let mut lineage = std::iter::once(&model).chain(ancestors.iter().rev());
    lineage.find_map(|model| {
        if let Some(relation) = model.relation(last) {
            let one = relation.kind == RelationKind::OneToOne;
            return relation.accessor.clone().filter(|_| one);
        }
        let reverse = model.by_query_name(last)?;
        (reverse.kind == RelationKind::OneToOne).then(|| reverse.source_field.clone())
    })
}

/// The instance that a path of loaded relations leads to.
fn follow(instance: &Rc<Instance>, path: &str) -> Option<Rc<Instance>> {
    let mut here = instance.clone();
    for part in path.split("__") {
        let next = with_state(&here, |state| state.cache.get(part).cloned()).flatten();
        let Some(Value::Instance(next)) = next else { return None };
        here = next;
    }
    Some(here)
}
