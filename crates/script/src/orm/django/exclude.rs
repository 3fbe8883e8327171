//! Relations to many rows under a NOT: a query of their own.
//!
//! Follows `Query.split_exclude` and `trim_start` of Django 5.2.

use std::collections::BTreeSet;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::condition::Place;
use super::expression::{Node, node_of, value_of};
use super::query::Query;
use crate::Machine;
use crate::database::Cell;
use crate::sql::Expr;
use crate::value::{Outcome, Value};

impl Query {
    pub(super) fn split_exclude(
        &mut self,
        machine: &mut Machine,
        path: &str,
        value: &Value,
        (before, prefix): (usize, String),
    ) -> Outcome<(Expr, BTreeSet<usize>)> {
        // What is named on the right side is the outer query's.
        let value = match node_of(value) {
            Node::F(name) => value_of(Node::OuterRef(name, 0)),
            Node::OuterRef(name, further) => value_of(Node::OuterRef(name, further + 1)),
            _ => value.clone(),
        };
        let mut inner = Self::new(self.world.clone(), self.model);
        inner.ordered = true;
        let item = super::expression::Item::Lookup(path.into(), value);
        inner.filter(machine, &super::expression::Condition::of(vec![item]))?;
        // The lookup's own joins come first, in the order of the path.
        let outer = |at: usize| inner.tables.get(at).is_some_and(|table| table.outer);
        let left_out = (1..=before).any(outer);
        let first = before + 1;
        let Some(join) = inner.tables.get(first).cloned() else {
            return Ok((Expr::And(Vec::new()), BTreeSet::new()));
        };
        let same = self.reuse.as_ref().and_then(|reuse| {
            let mut used = reuse.iter().filter_map(|at| self.tables.get(*at));
            used.find(|table| table.alias == join.alias).map(|table| table.alias.clone())
        });
        let (start, column) =
            if join.outer { (join.parent, join.on.0.clone()) } else { (first, join.on.1.clone()) };
        let name = self.name_at(&prefix, &join.on.0);
        let path = if prefix.is_empty() { name.to_string() } else { format!("{prefix}__{name}") };
        // Where the outer query has the same join already, it is about that one's rows.
        let key = self.key_of_table(&join.table);
        let same = same.filter(|_| !join.outer);
        let right = match &same {
            Some(alias) => Expr::Column(Some(alias.clone()), key.clone()),
            None => self.expression(machine, &Node::F(path.as_str().into()))?.0,
        };
        inner.inside_from(self, start);
        let left = inner.column(0, if same.is_some() { &key } else { &column });
        inner.condition.push(Expr::binary("=", left, Expr::Group(Box::new(right))));
        let one = vec![(Expr::Param(Cell::Int(1)), Some("a".into()))];
        let mut select = inner.select(machine, one)?;
        select.limit = Some(Expr::Raw("1".into()));
        self.bind(machine, &mut select)?;
        let exists = Expr::Exists(Box::new(select));
        if !left_out {
            return Ok((exists, BTreeSet::new()));
        }
        let place = Place { negated: true, inside: true, splits: true };
        let (lacking, _) =
            self.lookup_expr(machine, &format!("{path}__isnull"), &Value::Bool(true), place)?;
        Ok((Expr::Or(vec![exists, lacking]), BTreeSet::new()))
    }

    /// The same as [`Query::inside`], without the tables before this one.
    fn inside_from(&mut self, around: &mut Self, start: usize) {
        self.inside(around);
        let Some(mut base) = self.tables.get(start).cloned() else { return };
        base.used = true;
        for table in self.tables.iter_mut().take(start + 1) {
            table.used = false;
        }
        // What hung on it hangs on the first.
        for table in self.tables.iter_mut().skip(1) {
            if table.parent == start {
                table.parent = 0;
            }
        }
        let aliases: Vec<_> = self.tables.iter().map(|table| table.alias.clone()).gather();
        if let Some(first) = self.tables.first_mut() {
            *first = base;
        }
        // The place of the start has two names now: only the first counts.
        if start > 0
            && let (Some(table), Some(alias)) = (self.tables.get_mut(start), aliases.first())
        {
            table.alias = alias.clone();
        }
    }

    /// The name of a field of the model that a path leads to, by its column.
    fn name_at(&self, path: &str, column: &str) -> Rc<str> {
        let mut model = self.model();
        for part in path.split("__").filter(|part| !part.is_empty()) {
            model = model.and_then(|model| super::path::follow(&self.world, &model, part));
        }
        let lineage = model.iter().flat_map(|model| {
            std::iter::once(model.clone()).chain(self.world.ancestors(model)).gather()
        });
        let mut names = lineage.filter_map(|model| {
            let field = model.fields.iter().find(|field| *field.column == *column);
            field.map(|field| field.attname.clone())
        });
        names.next().unwrap_or_else(|| column.into())
    }

    fn key_of_table(&self, table: &str) -> Rc<str> {
        let model = self.world.models.iter().find(|model| *model.table == *table);
        model.and_then(|model| model.key()).map_or_else(|| "id".into(), |key| key.column.clone())
    }
}
