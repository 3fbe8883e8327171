//! From a query to its SELECT.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::expression::{Node, OrderItem};
use super::query::{Group, Query};
use crate::Machine;
use crate::sql::{Expr, Join, Order, Select, Source};
use crate::value::{Outcome, Value};
use crate::world::{META, Model, World};

impl Query {
    /// The SELECT with these columns. Positions in ORDER BY refer to columns that have a name.
    pub(super) fn select(
        &mut self,
        machine: &mut Machine,
        mut columns: Vec<(Expr, Option<Rc<str>>)>,
    ) -> Outcome<Select> {
        let order_by = self.order_by(machine, &columns)?;
        if self.distinct {
            // What rows are ordered by must be among what makes them distinct.
            for order in &order_by {
                let known = columns.iter().any(|(column, _)| *column == order.by);
                if !known && !matches!(order.by, Expr::Raw(_)) {
                    columns.push((order.by.clone(), None));
                }
            }
        }
        self.distinct_on(machine)?;
        for annotation in self.annotations.iter().filter(|annotation| !annotation.hidden) {
            if let Some(node) = &annotation.unfit {
                super::typing::class(machine, &self.clone(), node)?;
            }
        }
        // What is over several rows stands in HAVING.
        let (having, condition): (Vec<Expr>, Vec<Expr>) =
            self.condition.iter().cloned().partition(super::group::has_aggregate);
        let group_by = self.group_by(&columns, &order_by, &having);
        let condition = (!condition.is_empty()).then_some(Expr::And(condition));
        let having = (!having.is_empty()).then_some(Expr::And(having));
        let (mut from, joins) = self.from();
        if from.is_empty() {
            from.push(Source::table("", None));
        }
        Ok(Select {
            with: Default::default(),
            distinct: self.distinct,
            columns,
            from,
            joins,
            condition,
            group_by,
            having,
            combined: Vec::new(),
            order_by,
            limit: match (self.limit, self.offset) {
                (Some(limit), _) => Some(Expr::Raw(limit.to_string())),
                (None, 0) => None,
                (None, _) => Some(Expr::Raw("-1".into())),
            },
            offset: (self.offset > 0).then(|| Expr::Raw(self.offset.to_string())),
        })
    }

    /// `distinct("name")`: SQLite has no such thing.
    fn distinct_on(&self, machine: &mut Machine) -> Outcome<()> {
        for name in &self.distinct_on {
            if self.annotations.iter().all(|known| known.hidden || known.name != *name) {
                self.clone().path(machine, name, &None)?;
            }
        }
        if self.distinct_on.is_empty() {
            return Ok(());
        }
        let message = "DISTINCT ON fields is not supported by this database backend";
        Err(match super::class_of(machine, "django.db", "NotSupportedError") {
            Some(class) => machine.exception(&class, vec![crate::value::Value::str(message)]),
            None => crate::eval::refuse(message),
        })
    }

    /// FROM and the joins that are used. Where the base table itself is not (only its key, which the next table has), it is left out.
    fn from(&self) -> (Vec<Source>, Vec<Join>) {
        let alias =
            |table: &super::query::Table| (table.alias != table.table).then(|| table.alias.clone());
        let mut from = Vec::new();
        let mut joins = Vec::new();
        for (at, table) in self.tables.iter().enumerate() {
            let source = Source::table(&table.table, alias(table).as_deref());
            if at == 0 {
                from.push(source);
                continue;
            }
            if !table.used {
                continue;
            }
            let on = Expr::Group(Box::new(Expr::binary(
                "=",
                self.column(table.parent, &table.on.0),
                Expr::Column(Some(table.alias.clone()), table.on.1.clone()),
            )));
            let kind = if table.outer { "LEFT OUTER JOIN" } else { "INNER JOIN" };
            joins.push(Join { kind, source, on });
        }
        (from, joins)
    }

    fn order_by(
        &mut self,
        machine: &mut Machine,
        columns: &[(Expr, Option<Rc<str>>)],
    ) -> Outcome<Vec<Order>> {
        let mut items: Vec<OrderItem> = self.order.clone();
        if !self.ordered && self.group == Group::No {
            items =
                self.model().map(|model| default_order(&self.world, &model)).unwrap_or_default();
        }
        let mut out = Vec::new();
        for item in &items {
            self.order_item(machine, item, columns, &mut out, 0)?;
        }
        Ok(out)
    }

    fn order_item(
        &mut self,
        machine: &mut Machine,
        item: &OrderItem,
        columns: &[(Expr, Option<Rc<str>>)],
        out: &mut Vec<Order>,
        depth: u32,
    ) -> Outcome<()> {
        // A path that ends at a relation means the order of its model.
        if let Node::F(path) = &item.by
            && item.named
            && self.annotations.iter().all(|annotation| annotation.name != *path)
        {
            if depth > 16 {
                return Err(super::raise_field_error(machine, "Infinite loop caused by ordering."));
            }
            let end = self.clone().path(machine, path, &None)?;
            let relation = end.relation.map(|(model, _)| model);
            let by_key = path
                .rsplit("__")
                .next()
                .is_some_and(|last| last == "pk" || relation.is_some() && last.ends_with("_id"));
            let order = relation
                .filter(|_| end.rest.is_empty() && !by_key)
                .map(|model| default_order(&self.world, &model))
                .unwrap_or_default();
            if !order.is_empty() {
                for mut nested in order {
                    nested.by = nested.by.below(path);
                    // An expression in a related model's order stands as it is written.
                    nested.descending ^= if nested.named { item.descending } else { self.reversed };
                    self.order_item(machine, &nested, columns, out, depth + 1)?;
                }
                return Ok(());
            }
        }
        let (expr, _) = self.expression(machine, &item.by)?;
        let place = columns.iter().position(|(column, name)| name.is_some() && *column == expr);
        let by = place.map_or(expr, |place| Expr::Raw((place + 1).to_string()));
        let descending = item.descending != self.reversed;
        let nulls = match item.nulls {
            "NULLS FIRST" if self.reversed && depth == 0 => "NULLS LAST",
            "NULLS LAST" if self.reversed && depth == 0 => "NULLS FIRST",
            nulls => nulls,
        };
        let order = Order { by, direction: if descending { "DESC" } else { "ASC" }, nulls };
        if out.iter().all(|known| known.by != order.by) {
            out.push(order);
        }
        Ok(())
    }
}

/// `-name`
pub(super) fn item(name: &str) -> OrderItem {
    let (descending, path) = match name.strip_prefix('-') {
        Some(path) => (true, path),
        None => (false, name.strip_prefix('+').unwrap_or(name)),
    };
    OrderItem { by: Node::F(path.into()), descending, nulls: "", named: true }
}

/// The order that a model's rows have by themselves: names, or expressions.
pub(super) fn default_order(world: &World, model: &Model) -> Vec<OrderItem> {
    let class = world.class(model.at);
    let line = class.iter().flat_map(|class| std::iter::once(class).chain(&class.mro));
    let written = line.filter_map(|class| match class.names.borrow().get(META) {
        Some(Value::Class(meta)) => meta.get("ordering"),
        _ => None,
    });
    let items: Vec<Value> = match written.into_iter().next() {
        Some(Value::List(items)) => items.borrow().clone(),
        Some(Value::Tuple(items)) => items.to_vec(),
        _ => Vec::new(),
    };
    if items.iter().all(|item| matches!(item, Value::Str(_))) {
        return model.ordering.iter().map(|name| item(name)).gather();
    }
    items
        .iter()
        .map(|value| match (value, super::expression::node_of(value)) {
            (Value::Str(name), _) => item(name),
            (_, Node::Ordered(by, descending, nulls)) => {
                OrderItem { by: *by, descending, nulls, named: false }
            }
            (_, by) => OrderItem { by, descending: false, nulls: "", named: false },
        })
        .gather()
}
