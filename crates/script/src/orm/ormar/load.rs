//! From rows to instances, and rows of one instance merged: `ModelRow` and `MergeModelMixin` of ormar.

use std::rc::Rc;

use throughline_order::{Arrange as _, Gather as _};

use super::compile::{Compiled, Tree, value};
use super::link::{Kind, Link, link, links};
use super::make::make;
use super::queryset::{Choice, QuerySet};
use super::state::{held, key_of, push, relate, same, with_state};
use crate::Machine;
use crate::database::Cell;
use crate::value::{Instance, Outcome, Value};
use crate::world::{Model, World};

impl QuerySet {
    /// Instances of the rows that a SELECT gave.
    pub(super) fn instances(
        &self,
        machine: &mut Machine,
        compiled: &Compiled,
        rows: &[Vec<Cell>],
    ) -> Outcome<Vec<Rc<Instance>>> {
        let model = self.own()?;
        let tree = Tree::of(&self.related);
        let mut out: Vec<Rc<Instance>> = Vec::new();
        let mut places: rustc_hash::FxHashMap<crate::value::Key, usize> = Default::default();
        for row in rows {
            machine.step()?;
            let made = self.instance(machine, compiled, row, &model, &tree, "")?;
            let Some(instance) = made else { continue };
            let key = machine.key(&key_of(&self.world, &instance))?;
            match places.get(&key).and_then(|at| out.get(*at)).cloned() {
                Some(known) => merge(machine, &self.world, &known, &instance, None)?,
                None => {
                    with_state(&instance, |state| state.flat.clone_from(&self.flat));
                    places.insert(key, out.len());
                    out.push(instance);
                }
            }
        }
        Ok(out)
    }

    fn own_values(
        &self,
        machine: &mut Machine,
        compiled: &Compiled,
        row: &[Cell],
        table: &(String, bool),
    ) -> Outcome<Vec<(Rc<str>, Value)>> {
        let place = |column: &super::compile::Column| {
            let model = self.world.model(column.model);
            model.and_then(|model| model.fields.iter().position(|one| one.name == column.field))
        };
        let mut columns: Vec<_> = compiled.columns.iter().zip(row).gather();
        columns.arrange_by_key(|(column, _)| place(column));
        columns
            .into_iter()
            .filter(|(column, _)| column.table == *table)
            .map(|(column, cell)| Ok((column.field.clone(), value(machine, self, column, cell)?)))
            .collect()
    }

    /// Whether what was joined of a relation is not taken up.
    fn left_away(&self, path: &str, name: &str) -> bool {
        self.columns.iter().any(|chosen| {
            chosen.kind == Choice::Exclude
                && !chosen.table.1
                && chosen.table.0 == path
                && chosen.field == name
        })
    }

    fn left_out(&self, model: &Model, table: &(String, bool)) -> Vec<Rc<str>> {
        let plain = model.fields.iter().filter(|field| !field.relation && !field.primary_key);
        plain
            .filter(|field| !self.wants(table, &field.name))
            .map(|field| field.name.clone())
            .gather()
    }

    pub(super) fn instance(
        &self,
        machine: &mut Machine,
        compiled: &Compiled,
        row: &[Cell],
        model: &Rc<Model>,
        tree: &Tree,
        path: &str,
    ) -> Outcome<Option<Rc<Instance>>> {
        let world = &self.world;
        let mut item: Vec<(Rc<str>, Value)> = Vec::new();
        for (name, beyond) in &tree.0 {
            let Some(relation) = link(world, model.at, name) else { continue };
            let Some(to) = world.model(relation.target).cloned() else { continue };
            if self.left_away(path, name) {
                continue;
            }
            let here = if path.is_empty() { name.clone() } else { format!("{path}__{name}") };
            let child = self.instance(machine, compiled, row, &to, beyond, &here)?;
            if let (Some(child), Some(via)) = (&child, &relation.via)
                && let Some(through) = world.model(via.model).cloned()
            {
                let table = (here.clone(), true);
                let values: Vec<_> = self
                    .own_values(machine, compiled, row, &table)?
                    .into_iter()
                    .filter(|(name, _)| through.field(name).is_some_and(|field| !field.relation))
                    .filter(|(name, _)| *name != via.near && *name != via.far)
                    .gather();
                let left_out = self.left_out(&through, &table);
                let joining = make(machine, world, through.at, values, &left_out)?;
                let name: Rc<str> = through.name.to_lowercase().into();
                if self.source == Some(to.at) {
                    item.push((name, Value::Instance(joining)));
                } else if let Some(shortcut) =
                    link(world, to.at, &name).filter(|link| link.kind == Kind::Through)
                {
                    relate(machine, world, child, &shortcut, &joining)?;
                }
            }
            item.push((relation.name.clone(), child.map_or(Value::None, Value::Instance)));
        }
        let table = (path.to_owned(), false);
        for (name, value) in self.own_values(machine, compiled, row, &table)? {
            if !item.iter().any(|(known, _)| *known == name) {
                item.push((name, value));
            }
        }
        let known = model.key().is_some_and(|key| {
            item.iter().any(|(name, value)| *name == key.name && !value.is_none())
        });
        if !known {
            return Ok(None);
        }
        let made = make(machine, world, model.at, item, &self.left_out(model, &table))?;
        with_state(&made, |state| state.saved = true);
        Ok(Some(made))
    }
}

/// Adds the related instances of another row of the same instance.
fn merge(
    machine: &mut Machine,
    world: &Rc<World>,
    known: &Rc<Instance>,
    other: &Rc<Instance>,
    from: Option<&str>,
) -> Outcome<()> {
    machine.step()?;
    let model = world.model_of(&known.class).and_then(|at| world.model(at)).cloned();
    let Some(model) = model else { return Ok(()) };
    let all: Vec<Link> = links(world, &model);
    for relation in all {
        if relation.kind == Kind::Through || from == Some(&*relation.name) {
            continue;
        }
        for value in held(other, &relation.name) {
            let mut same_row = None;
            for mine in held(known, &relation.name) {
                if same(machine, world, &mine, &value)? {
                    same_row = Some(mine);
                    break;
                }
            }
            match same_row {
                Some(mine) if !Rc::ptr_eq(&mine, &value) => {
                    merge(machine, world, &mine, &value, Some(&relation.related))?;
                }
                None if relation.many() && relation.hidden => push(known, &relation.name, &value),
                None if relation.many() => relate(machine, world, known, &relation, &value)?,
                Some(_) | None => {}
            }
        }
    }
    Ok(())
}
