//! What the rows of through models hold.

use std::rc::Rc;

use throughline_order::{Arrange as _, Gather as _};

use super::STYLE;
use super::instance::{key_of, with_state};
use super::queryset::QuerySet;
use super::related::{Kind, Related};
use crate::Machine;
use crate::database::Cell;
use crate::eval::raise;
use crate::sql::{Expr, Is, Select, Source, Writer};
use crate::value::{Args, Instance, Outcome, Value};
use crate::world::{Field, Model, to_cell};

impl Related {
    /// The value that a through model's row holds for this instance.
    pub(super) fn own(&self, through: &Model, near: &str) -> Value {
        let model = self.world.model_of(&self.instance.class).and_then(|at| self.world.model(at));
        let key = through.relation(near).and_then(|relation| relation.key.as_ref());
        let field = model.zip(key).and_then(|(model, key)| {
            super::query::field_of(&self.world, model, &key.to_field).map(|(_, field)| field)
        });
        let held = field.and_then(|field| self.instance.get(&field.attname));
        held.unwrap_or_else(|| self.key())
    }

    /// The value that a through model's row holds for an instance of the other side.
    pub(super) fn theirs(&self, through: &Model, far: &str, instance: &Instance) -> Value {
        let target = self.target_model();
        let field = target.as_ref().and_then(|to| super::path::referred(through, far, to));
        let held = field.and_then(|field| instance.get(&field.attname));
        held.unwrap_or_else(|| key_of(&self.world, instance))
    }

    /// Keys of the far side that are there already.
    pub(super) fn present(
        &self,
        machine: &mut Machine,
        through: &Rc<Model>,
        near: &Field,
        far: &Field,
        keys: &[Value],
    ) -> Outcome<Vec<Value>> {
        let column = |field: &Field| Expr::column(&through.table, &field.column);
        let items =
            keys.iter().filter_map(|key| to_cell(Some(&far.ty), key)).map(Expr::Param).gather();
        let own = to_cell(Some(&near.ty), &self.own(through, &near.name)).unwrap_or(Cell::Null);
        let mut conditions = vec![
            (far.name.clone(), Expr::In(Box::new(column(far)), items, Is::So)),
            (near.name.clone(), Expr::binary("=", column(near), Expr::Param(own))),
        ];
        conditions.arrange_by(|(a, _), (b, _)| a.cmp(b));
        let select = Select {
            columns: vec![(column(far), Some(far.name.clone()))],
            from: vec![Source::table(&through.table, None)],
            condition: Some(Expr::And(
                conditions.into_iter().map(|(_, condition)| condition).gather(),
            )),
            ..Select::default()
        };
        let reply = self.send(machine, Writer::new(&STYLE).select(&select))?;
        Ok(reply
            .rows
            .iter()
            .filter_map(|row| row.first())
            .map(|cell| crate::world::to_value(Some(&far.ty), cell))
            .gather())
    }

    /// Whether the rows of the through table tell how many there are.
    pub(super) fn is_counted_by_links(&self) -> bool {
        let prefetched =
            with_state(&self.instance, |state| state.prefetched.contains_key(&self.cache));
        matches!(self.kind, Kind::Many { .. })
            && prefetched != Some(true)
            && super::manager::is_plain(&self.world, self.target)
    }

    /// The rows of the through table that are this instance's and lead somewhere.
    pub(super) fn links(&self) -> Option<QuerySet> {
        let Kind::Many { through, near, far, .. } = &self.kind else { return None };
        let (near, far) = (through.field(near)?, through.field(far)?);
        let mut set = QuerySet::all(self.world.clone(), through.at);
        let own = self.own(through, &near.name);
        let cell = to_cell(Some(&near.ty), &own).unwrap_or(Cell::Null);
        let column = set.query.column(0, &near.column);
        set.query.condition.push(Expr::binary("=", column, Expr::Param(cell)));
        if far.null {
            let column = set.query.column(0, &far.column);
            set.query.condition.push(Expr::IsNull(Box::new(column), Is::Not));
        }
        Some(set)
    }

    /// The field that rows refer to must have a value.
    pub(super) fn has_key(&self, machine: &mut Machine, field: &str) -> Outcome<()> {
        let Some(target) = self.target_model() else { return Ok(()) };
        if !self.referenced(&target, field).is_none() {
            return Ok(());
        }
        let shown = machine.repr(&Value::Instance(self.instance.clone()))?;
        let to = target.relation(field).and_then(|relation| relation.key.as_ref());
        let to = to.map(|key| key.to_field.to_string()).unwrap_or_default();
        let message = format!(
            "\"{shown}\" needs to have a value for field \"{to}\" before this relationship can be used."
        );
        Err(raise("ValueError", message))
    }
}

/// How rows get their foreign key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Each {
    /// All with one statement.
    Together,
    /// Each by `save()`: `bulk=False`.
    Saved,
}

/// `bulk=…`
pub(super) fn each(machine: &mut Machine, args: &mut Args) -> Outcome<Each> {
    Ok(match args.take("bulk") {
        Some(bulk) if !machine.truth(&bulk)? => Each::Saved,
        _ => Each::Together,
    })
}
