//! Conditions: `filter(…)`, `exclude(…)`, `Q(…)`.

use super::expression::{Condition, Item, Node, is_aggregate};
use super::lookup;
use super::query::{Query, Reuse};
use crate::Machine;
use crate::sql::{Expr, Is};
use crate::value::{Outcome, Value};
use crate::world::Model;
use throughline_core::document::ColumnType;

impl Query {
    /// A condition as SQL.
    pub(super) fn condition_expr(
        &mut self,
        machine: &mut Machine,
        condition: &Condition,
        reuse: &Reuse,
    ) -> Outcome<Expr> {
        self.items_expr(machine, condition, reuse, (condition.negated, condition.negated))
    }

    fn items_expr(
        &mut self,
        machine: &mut Machine,
        condition: &Condition,
        reuse: &Reuse,
        (negated, inside): (bool, bool),
    ) -> Outcome<Expr> {
        let mut parts = Vec::new();
        let mut used: Vec<Vec<usize>> = Vec::new();
        for item in condition.items.iter().filter(|item| !is_void(item)) {
            let first_new = self.tables.len();
            let part = match item {
                Item::Lookup(name, value) => {
                    let signs = (negated, inside);
                    self.lookup_expr(machine, name, value, reuse, signs, &mut used)?
                }
                Item::Nested(nested) => {
                    let flips = negated != nested.negated;
                    let signs = (flips, inside || nested.negated);
                    let inner = self.items_expr(machine, nested, reuse, signs)?;
                    used.push((first_new..self.tables.len()).collect());
                    if nested.negated { negate(inner) } else { inner }
                }
                Item::Node(node) => self.expression(machine, node)?.0,
            };
            parts.push(part);
        }
        // With OR, a join that only some of the alternatives need must not take rows away.
        if condition.or && condition.items.len() > 1 {
            let everywhere = |at: &usize| used.iter().all(|joins| joins.contains(at));
            let partial: Vec<usize> = (1..self.tables.len())
                .filter(|at| used.iter().any(|joins| joins.contains(at)) && !everywhere(at))
                .collect();
            self.promote(&partial);
        }
        Ok(joined(condition.or, parts))
    }

    fn lookup_expr(
        &mut self,
        machine: &mut Machine,
        name: &str,
        value: &Value,
        reuse: &Reuse,
        (negated, inside): (bool, bool),
        used: &mut Vec<Vec<usize>>,
    ) -> Outcome<Expr> {
        let (path, annotated) = self.annotation_of(name);
        if let Some((expr, ty, rest)) = annotated {
            used.push(Vec::new());
            let lookup = rest.last().map_or("exact", String::as_str);
            return lookup::apply(machine, self, expr, ty.as_ref(), (name, lookup), value);
        }
        if inside {
            // A multi-valued relation under any NOT asks whether there is no such row at all.
            let mut trial = self.clone();
            if trial.path(machine, path, &Some(FxSet::default()))?.many {
                used.push(Vec::new());
                return self.split_exclude(machine, path, value);
            }
        }
        let end = self.path(machine, path, reuse)?;
        let mut rest = end.rest.clone();
        let last = match rest.last() {
            Some(last) if super::query::is_lookup(last) || rest.len() == 1 => {
                rest.pop().unwrap_or_default()
            }
            _ => "exact".to_owned(),
        };
        let is_null = last == "isnull" || (last == "exact" && value.is_none());
        let wants_null = match (last.as_str(), value) {
            ("isnull", value) => machine.truth(value)?,
            _ => is_null,
        };
        if is_null && wants_null != negated || negated {
            self.promote(&end.joins);
        }
        self.uses(end.table);
        used.push(end.joins.clone());
        let mut column = self.column(end.table, &end.column);
        for transform in &rest {
            column = lookup::transform(transform, column)
                .ok_or_else(|| super::raise_field_error(machine, &format!("Unsupported lookup '{transform}' for this field or join on the field not permitted.")))?;
        }
        let ty = if rest.is_empty() { end.ty.clone() } else { ColumnType::Integer };
        let named = end.relation.as_ref().map_or_else(|| end.column.clone(), |(_, to)| to.clone());
        let value = match &end.relation {
            Some((model, to)) => &referred(model, to, value),
            None => value,
        };
        let condition =
            lookup::apply(machine, self, column.clone(), Some(&ty), (&named, &last), value)?;
        // `NOT (x = 1)` would lose the rows where x is NULL.
        let mut all = vec![condition];
        if negated && end.nullable && !is_null {
            all.push(Expr::IsNull(Box::new(column), Is::Not));
        }
        // So would `NOT (x = y)` those where y is.
        if let (true, Node::F(other)) = (negated && !is_null, super::expression::node_of(value)) {
            let known = self.annotations.iter().any(|known| known.name == other);
            if !known && self.clone().path(machine, &other, &None)?.nullable {
                let (other, _) = self.expression(machine, &Node::F(other))?;
                all.push(Expr::IsNull(Box::new(other), Is::Not));
            }
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expr::And(all) })
    }

    /// An annotation that a name refers to, with the lookups after it.
    fn annotation_of<'n>(&self, name: &'n str) -> (&'n str, Option<Annotated>) {
        let found = self.annotations.iter().find_map(|annotation| {
            let rest = name.strip_prefix(&*annotation.name)?;
            if rest.is_empty() {
                return Some((annotation, Vec::new()));
            }
            let rest = rest.strip_prefix("__")?;
            Some((annotation, rest.split("__").map(str::to_owned).collect()))
        });
        (
            name,
            found.map(|(annotation, rest)| (annotation.expr.clone(), annotation.ty.clone(), rest)),
        )
    }

    fn split_exclude(&mut self, machine: &mut Machine, path: &str, value: &Value) -> Outcome<Expr> {
        let Some(model) = self.model() else { return Ok(Expr::And(Vec::new())) };
        let mut inner = Self::new(self.world.clone(), self.model).renamed('U');
        inner.ordered = true;
        let condition =
            inner.lookup_expr(machine, path, value, &None, (false, false), &mut Vec::new())?;
        // The first join's own table is where the inner query starts.
        let key = model.key().map(|key| key.column.clone()).unwrap_or_default();
        let outer = Expr::Group(Box::new(self.column(0, &key)));
        let mut select = inner.select(machine, Vec::new())?;
        // Where rows without a related one count, the inner query starts at the table itself.
        if inner.tables.get(1).is_some_and(|table| table.outer) {
            select.columns = vec![(Expr::Param(crate::database::Cell::Int(1)), Some("a".into()))];
            let own = inner.column(0, &key);
            let both = vec![condition, Expr::binary("=", own, outer)];
            select.condition = Some(Expr::And(flat(both)));
            select.limit = Some(Expr::Raw("1".into()));
            return Ok(Expr::Exists(Box::new(select)));
        }
        let first = select.joins.first().map(|join| join.source.clone());
        let on = inner.tables.get(1).map(|table| (table.alias.clone(), table.on.1.clone()));
        if let (Some(source), Some((alias, column))) = (first, on) {
            select.joins.remove(0);
            select.from = vec![source];
            select.columns = vec![(Expr::Param(crate::database::Cell::Int(1)), Some("a".into()))];
            select.condition = Some(Expr::And(flat(vec![
                condition,
                Expr::binary("=", Expr::Column(Some(alias), column), outer),
            ])));
            select.limit = Some(Expr::Raw("1".into()));
        }
        Ok(Expr::Exists(Box::new(select)))
    }

    /// Adds the conditions of a `filter` or `exclude`.
    pub(super) fn filter(&mut self, machine: &mut Machine, condition: &Condition) -> Outcome<()> {
        if condition.items.iter().all(is_void) {
            return Ok(());
        }
        // Joins over many rows that earlier calls made are not used again.
        let reuse: Reuse = Some(FxSet::default());
        let mut fresh = reuse;
        if let Some(reuse) = &mut fresh {
            // Within the call they are: whatever is made from here on.
            reuse.extend(self.tables.len()..self.tables.len() + 64);
        }
        let aggregates = self.mentions_aggregate(condition);
        let expr = self.condition_expr(machine, condition, &fresh)?;
        let expr = if condition.negated { negate(expr) } else { expr };
        let mut over_window = false;
        expr.each(&mut |part| over_window |= matches!(part, Expr::Over(..)));
        if over_window {
            return Err(crate::eval::refuse(
                "A condition on a window function is not supported here: take the rows in a list and choose among them.",
            ));
        }
        match expr {
            Expr::And(items) if !aggregates => self.condition.extend(items),
            other if aggregates => self.having.push(other),
            other => self.condition.push(other),
        }
        Ok(())
    }

    fn mentions_aggregate(&self, condition: &Condition) -> bool {
        condition.items.iter().any(|item| match item {
            Item::Lookup(name, _) => self.annotations.iter().any(|annotation| {
                annotation.aggregate
                    && (**name == *annotation.name
                        || name.starts_with(&format!("{}__", annotation.name)))
            }),
            Item::Nested(nested) => self.mentions_aggregate(nested),
            Item::Node(node) => is_aggregate(node),
        })
    }
}

/// A related instance stands for the field of it that the relation refers to.
fn referred(model: &Model, to: &str, value: &Value) -> Value {
    let Some(field) = model.field(to).filter(|field| !field.primary_key) else {
        return value.clone();
    };
    let one = |value: &Value| match value {
        Value::Instance(instance)
            if instance.class.derives_from(&model.name)
                && model
                    .key()
                    .and_then(|key| instance.get(&key.attname))
                    .is_some_and(|key| !key.is_none()) =>
        {
            instance.get(&field.attname).unwrap_or(Value::None)
        }
        other => other.clone(),
    };
    match value {
        Value::List(items) => Value::list(items.borrow().iter().map(one).collect()),
        Value::Tuple(items) => Value::tuple(items.iter().map(one).collect()),
        other => one(other),
    }
}

/// An annotation, its type, and the lookups that follow it.
type Annotated = (Expr, Option<ColumnType>, Vec<String>);

type FxSet = rustc_hash::FxHashSet<usize>;

fn flat(parts: Vec<Expr>) -> Vec<Expr> {
    parts
        .into_iter()
        .flat_map(|part| match part {
            Expr::And(items) => items,
            other => vec![other],
        })
        .collect()
}

/// Whether a part of a condition says nothing: `Q()`.
fn is_void(item: &Item) -> bool {
    matches!(item, Item::Nested(nested) if nested.items.iter().all(is_void))
}

/// The parts, joined by OR or AND; what holds for every row or for none is taken out.
fn joined(or: bool, parts: Vec<Expr>) -> Expr {
    let all = |part: &Expr| matches!(part, Expr::And(items) if items.is_empty());
    let none = |part: &Expr| matches!(part, Expr::Or(items) if items.is_empty());
    if or {
        if parts.iter().any(all) {
            return Expr::And(Vec::new());
        }
        return Expr::Or(parts.into_iter().filter(|part| !none(part)).collect());
    }
    if parts.iter().any(none) {
        return Expr::Or(Vec::new());
    }
    Expr::And(flat(parts))
}

pub(super) fn negate(expr: Expr) -> Expr {
    match expr {
        Expr::And(items) if items.is_empty() => Expr::Or(items),
        Expr::Or(items) if items.is_empty() => Expr::And(items),
        expr => Expr::Not(Box::new(expr)),
    }
}
