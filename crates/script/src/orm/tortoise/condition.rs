//! `Q`: conditions, with the joins that they need. Follows `Q.resolve` of Tortoise 1.1.

use std::rc::Rc;

use throughline_order::{Arrange as _, Gather as _};

use super::compile::{Joins, Table};
use super::encode;
use super::expression::{Context, Node, node_of, steps};
use super::lookup::{self, Right};
use super::raised;
use super::shape::{self, Rel, Side};
use crate::Machine;
use crate::database::Cell;
use crate::eval::Raised;
use crate::sql::Expr;
use crate::value::{Outcome, Value};

/// `Q(…)`
#[derive(Clone, Default)]
pub(super) struct Q {
    pub(super) or: bool,
    pub(super) negated: bool,
    pub(super) children: Vec<Q>,
    pub(super) filters: Vec<(Rc<str>, Value)>,
}

/// `QueryModifier`: what conditions add to a query.
#[derive(Clone, Default)]
pub(super) struct Modifier {
    pub(super) joins: Joins,
    pub(super) wheres: Option<Expr>,
    pub(super) having: Option<Expr>,
}

/// `a AND b`, without brackets inside of each other.
fn both(a: Option<Expr>, b: Option<Expr>) -> Option<Expr> {
    let list = |expr| match expr {
        Expr::And(items) => items,
        other => vec![other],
    };
    match (a, b) {
        (Some(a), Some(b)) => Some(Expr::And(list(a).into_iter().chain(list(b)).gather())),
        (a, b) => a.or(b),
    }
}

/// `a OR b`
fn either(a: Option<Expr>, b: Option<Expr>) -> Option<Expr> {
    let list = |expr| match expr {
        Expr::Or(items) if !items.is_empty() => items,
        other => vec![other],
    };
    match (a, b) {
        (Some(a), Some(b)) => Some(Expr::Or(list(a).into_iter().chain(list(b)).gather())),
        (a, b) => a.or(b),
    }
}

impl Modifier {
    pub(super) fn and(mut self, other: Self) -> Self {
        self.joins.extend(other.joins);
        Self {
            joins: self.joins,
            wheres: both(self.wheres, other.wheres),
            having: both(self.having, other.having),
        }
    }

    fn or(mut self, other: Self) -> Self {
        self.joins.extend(other.joins);
        if self.having.is_some() || other.having.is_some() {
            let left = both(self.wheres, self.having);
            let having = either(left, both(other.wheres, other.having));
            return Self { joins: self.joins, wheres: None, having };
        }
        Self { joins: self.joins, wheres: either(self.wheres, other.wheres), having: None }
    }

    fn not(self) -> Self {
        let negate = |expr| Expr::Not(Box::new(expr));
        if self.having.is_some() {
            let having = both(self.wheres, self.having).map(negate);
            return Self { joins: self.joins, wheres: None, having };
        }
        Self { joins: self.joins, wheres: self.wheres.map(negate), having: None }
    }
}

impl Context {
    /// A `Q` as what it adds to the query.
    pub(super) fn condition(&self, machine: &mut Machine, q: &Q) -> Outcome<Modifier> {
        let mut out = Modifier::default();
        let mut first = true;
        let mut add = |out: Modifier, next: Modifier| {
            let joined =
                if std::mem::take(&mut first) || !q.or { out.and(next) } else { out.or(next) };
            Ok::<_, Box<Raised>>(joined)
        };
        if q.filters.is_empty() {
            for child in &q.children {
                let next = machine.deeper(|machine| self.condition(machine, child))?;
                out = add(out, next)?;
            }
        } else {
            for (key, value) in &q.filters {
                let next = self.filter(machine, key, value)?;
                out = add(out, next)?;
            }
        }
        Ok(if q.negated { out.not() } else { out })
    }

    fn custom<'k>(&self, key: &'k str) -> Option<(Node, &'k str)> {
        self.annotations.iter().find_map(|(name, node)| {
            let rest = key.strip_prefix(&**name)?;
            let lookup = if rest.is_empty() { "" } else { rest.strip_prefix("__")? };
            lookup::known(lookup).then(|| (node.clone(), lookup))
        })
    }

    /// One keyword.
    fn filter(&self, machine: &mut Machine, key: &str, value: &Value) -> Outcome<Modifier> {
        let (first, rest) = key.split_once("__").unwrap_or((key, ""));
        let rel = shape::relation(&self.world, &self.model, first);
        // An instance stands for its key where the relation is compared as a whole.
        let mut value = value.clone();
        let mut name = key.to_owned();
        match (&rel, rest, &value) {
            (Some(rel), "", Value::Instance(instance))
                if rel.side == Side::Forward && instance.class.derives_from(&rel.target.name) =>
            {
                value = instance.get(&rel.other.0).unwrap_or(Value::None);
            }
            (Some(rel), "", Value::Instance(_)) if rel.side == Side::Many => {
                value = super::instance::key_of(&self.world, &value).unwrap_or(value);
            }
            _ => {}
        }
        if let Some(rel) = rel.as_ref().filter(|rel| rel.side == Side::Forward && rest.is_empty()) {
            name = rel.own.0.to_string();
        }
        if let Some((node, lookup)) = self.custom(&name) {
            return self.on_annotation(machine, &node, lookup, &value);
        }
        if let Some((field, lookup)) = self.field_of(&name) {
            return self.on_field(machine, &field, lookup, &value);
        }
        let Some(rel) = rel else {
            let mut allowed: Vec<Rc<str>> = shape::names(&self.model);
            for (name, _) in self.annotations.iter() {
                allowed.push(name.clone());
                allowed.extend(lookup::NAMES.iter().map(|look| format!("{name}__{look}").into()));
            }
            allowed.arrange();
            let allowed: Vec<String> = allowed.iter().map(|name| format!("'{name}'")).gather();
            let message = format!(
                "Unknown filter param '{key}'. Allowed base values are [{}]",
                allowed.join(", ")
            );
            return Err(raised(machine, "FieldError", message));
        };
        let by_table = matches!(
            (rel.side, rest),
            (Side::Many, "" | "not" | "in" | "not_in")
                | (Side::Backward, "" | "not" | "in" | "not_in" | "isnull" | "not_isnull")
        );
        if by_table {
            return self.on_relation(machine, &rel, rest, &value);
        }
        let joins = steps(&self.table, &rel);
        let table = joins.last().unwrap_or_else(|| Table::of(&rel.target));
        let inner = Self { model: rel.target, table, ..self.clone() };
        let modifier = machine.deeper(|machine| inner.filter(machine, rest, &value))?;
        Ok(Modifier { joins, ..Modifier::default() }.and(modifier))
    }

    /// A field of the model and the lookup after it.
    fn field_of<'k>(&self, key: &'k str) -> Option<(Rc<str>, &'k str)> {
        let (name, lookup) = key.rsplit_once("__").unwrap_or((key, ""));
        let (name, lookup) = if lookup::known(lookup) { (name, lookup) } else { (key, "") };
        // A key that is a relation has no filters under the name `pk`: Tortoise makes them before it knows that key.
        if name == "pk" && self.model.key().is_some_and(|key| !key.relation) {
            return Some((self.model.key()?.attname.clone(), lookup));
        }
        shape::column(&self.model, name).map(|field| (field.attname.clone(), lookup))
    }

    fn on_annotation(
        &self,
        machine: &mut Machine,
        node: &Node,
        lookup: &str,
        value: &Value,
    ) -> Outcome<Modifier> {
        let mut joins = Joins::default();
        let term = self.resolve(machine, node, &mut joins)?;
        let right = match node_of(value) {
            Node::Value(value) => Right::plain(machine, lookup, &value)?,
            node => Right::One(self.resolve(machine, &node, &mut joins)?.expr),
        };
        let expr = lookup::apply(machine, lookup, term.expr, right)?;
        Ok(if term.aggregate {
            Modifier { having: Some(expr), ..Modifier::default() }
        } else {
            Modifier { wheres: Some(expr), ..Modifier::default() }
        })
    }

    fn on_field(
        &self,
        machine: &mut Machine,
        name: &str,
        lookup: &str,
        value: &Value,
    ) -> Outcome<Modifier> {
        let Some(field) = shape::column(&self.model, name) else { return Ok(Modifier::default()) };
        let column = self.table.column(&field.column);
        let (lookup, value) = match value {
            Value::None if lookup.is_empty() => ("isnull", Value::Bool(true)),
            other => (lookup, other.clone()),
        };
        let mut unused = Joins::default();
        let right = match node_of(&value) {
            Node::Subquery(set) if matches!(lookup, "in" | "not_in") => {
                Right::Select(Box::new(set.select(machine)?.0))
            }
            Node::Value(value) => Right::of_field(machine, lookup, field, &value)?,
            // The joins of an F are not added to the query: Tortoise loses them here.
            node => Right::One(self.resolve(machine, &node, &mut unused)?.expr),
        };
        let expr = lookup::apply(machine, lookup, column, right)?;
        Ok(Modifier { wheres: Some(expr), ..Modifier::default() })
    }

    /// A relation as a whole: compared on the table that has the key.
    fn on_relation(
        &self,
        machine: &mut Machine,
        rel: &Rel,
        lookup: &str,
        value: &Value,
    ) -> Outcome<Modifier> {
        let Some(own) = self.model.key() else { return Ok(Modifier::default()) };
        let (table, near, far) = match &rel.through {
            Some(keys) => {
                let table = Table { name: keys.table.clone(), alias: None };
                (table, keys.near.clone(), keys.far.clone())
            }
            None => {
                // The attribute stands for the column here, whatever the column is called.
                let key = rel.target.key().map(|key| key.name.clone());
                (Table::of(&rel.target), rel.other.1.clone(), key.unwrap_or_default())
            }
        };
        let mut joins = Joins::default();
        let on = Expr::binary("=", self.table.column(&own.column), table.column(&near));
        let column = table.column(&far);
        joins.push(table, on);
        let (lookup, value) = match value {
            Value::None if lookup.is_empty() && rel.side == Side::Backward => {
                ("isnull", Value::Bool(true))
            }
            other => (lookup, other.clone()),
        };
        let right = match (lookup, rel.target.key()) {
            ("in" | "not_in", Some(key)) => {
                let mut cells = Vec::new();
                for item in machine.list_of(&value)? {
                    let item = super::instance::key_of(&self.world, &item).unwrap_or(item);
                    cells.push(encode::to_db(machine, key, &item)?);
                }
                Right::Many(cells)
            }
            ("isnull" | "not_isnull", _) | (_, None) => Right::plain(machine, lookup, &value)?,
            (_, Some(_)) if value.is_none() => Right::One(Expr::Param(Cell::Null)),
            (_, Some(key)) => Right::One(Expr::Param(encode::to_db(machine, key, &value)?)),
        };
        let expr = lookup::apply(machine, lookup, column, right)?;
        Ok(Modifier { joins, wheres: Some(expr), having: None })
    }
}
