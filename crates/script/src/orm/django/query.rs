//! What a query set will ask: its tables, conditions, order, annotations.
//!
//! Follows `Query.join`, `promote_joins` and `demote_joins` of Django 5.2.

use std::collections::BTreeSet;
use std::rc::Rc;

use throughline_core::document::ColumnType;
use throughline_order::{Gather as _, set_of};

pub(super) use super::path::{field_of, follow, unknown};
use crate::sql::Expr;
use crate::value::Value;
use crate::world::{Model, World};

/// A query that grows.
#[derive(Clone)]
pub(super) struct Query {
    pub(super) world: Rc<World>,
    pub(super) model: usize,
    /// The table itself, then all joins.
    pub(super) tables: Vec<Table>,
    pub(super) condition: Vec<Expr>,
    pub(super) annotations: Vec<Annotation>,
    pub(super) order: Vec<super::expression::OrderItem>,
    /// Whether `order_by` was called, so that the model's own order does not count.
    pub(super) ordered: bool,
    pub(super) reversed: bool,
    pub(super) distinct: bool,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
    /// No rows at all: `none()`.
    pub(super) empty: bool,
    /// The fields that `distinct(…)` names.
    pub(super) distinct_on: Vec<Rc<str>>,
    /// What its tables are called by, where it stands in another query.
    pub(super) prefix: Option<char>,
    /// The last prefix among the queries that stand in this one.
    pub(super) inner: char,
    /// The joins over many rows that what is being built may use again; all, where there is nothing.
    pub(super) reuse: Reuse,
    /// The joins over many rows that the very next filter may use again.
    pub(super) sticky: BTreeSet<usize>,
    /// Every join that was made or used, in order.
    pub(super) touched: Vec<usize>,
    pub(super) group: Group,
}

/// What rows are grouped by.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Group {
    /// Nothing: there are no aggregates.
    No,
    /// The rows of the model.
    Model,
    /// These expressions (`values(…).annotate(…)`).
    Values(Vec<Expr>),
}

/// A value that is computed for each row.
#[derive(Clone)]
pub(super) struct Annotation {
    pub(super) name: Rc<str>,
    pub(super) expr: Expr,
    pub(super) ty: Option<ColumnType>,
    /// The field class that Django takes it for, where that is known.
    pub(super) class: Option<Rc<str>>,
    /// What it was made of, where Django finds only when it asks that the types do not fit.
    pub(super) unfit: Option<super::expression::Node>,
    pub(super) aggregate: bool,
    /// Whether it is only referred to: `alias()`.
    pub(super) hidden: bool,
}

/// A table of the query.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) alias: Rc<str>,
    pub(super) table: Rc<str>,
    pub(super) parent: usize,
    /// Column of the parent, column of this one.
    pub(super) on: (Rc<str>, Rc<str>),
    /// What makes it the same join again.
    pub(super) key: Rc<str>,
    pub(super) nullable: bool,
    pub(super) outer: bool,
    /// Whether anything uses it. The others are trimmed.
    pub(super) used: bool,
}

/// A join to make.
pub(super) struct Join {
    pub(super) parent: usize,
    pub(super) table: Rc<str>,
    pub(super) on: (Rc<str>, Rc<str>),
    pub(super) key: Rc<str>,
    pub(super) nullable: bool,
}

/// Which joins may be used again.
pub(super) type Reuse = Option<BTreeSet<usize>>;

impl Query {
    pub(super) fn new(world: Rc<World>, model: usize) -> Self {
        let table = world.model(model).map(|model| model.table.clone()).unwrap_or_default();
        let base = Table {
            alias: table.clone(),
            table,
            parent: 0,
            on: Default::default(),
            key: "".into(),
            nullable: false,
            outer: false,
            used: true,
        };
        Self {
            world,
            model,
            tables: vec![base],
            condition: Vec::new(),
            annotations: Vec::new(),
            order: Vec::new(),
            ordered: false,
            reversed: false,
            distinct: false,
            limit: None,
            offset: 0,
            empty: false,
            distinct_on: Vec::new(),
            prefix: None,
            inner: 'T',
            reuse: None,
            sticky: BTreeSet::default(),
            touched: Vec::new(),
            group: Group::No,
        }
    }

    /// Names its tables `U0`, `U1`, …, as a query inside of another one; those in it keep their names.
    pub(super) fn inside(&mut self, around: &mut Self) {
        let prefix = char::from_u32(self.inner as u32 + 1).unwrap_or('Z');
        let before: Vec<Rc<str>> = self.tables.iter().map(|table| table.alias.clone()).gather();
        for (at, table) in self.tables.iter_mut().enumerate() {
            table.alias = format!("{prefix}{at}").into();
        }
        let after: Vec<Rc<str>> = self.tables.iter().map(|table| table.alias.clone()).gather();
        self.prefix = Some(prefix);
        self.inner = prefix;
        around.inner = around.inner.max(prefix);
        self.relabel(&before, &after);
    }

    /// Gives the tables in all expressions other names.
    fn relabel(&mut self, before: &[Rc<str>], after: &[Rc<str>]) {
        let annotations = self.annotations.iter_mut().map(|annotation| &mut annotation.expr);
        let groups = match &mut self.group {
            Group::Values(exprs) => exprs.as_mut_slice(),
            Group::No | Group::Model => &mut [],
        };
        for expr in self.condition.iter_mut().chain(annotations).chain(groups) {
            super::rename::tables(expr, before, after);
        }
    }

    pub(super) fn model(&self) -> Option<Rc<Model>> {
        self.world.model(self.model).cloned()
    }

    pub(super) fn alias(&self, at: usize) -> Rc<str> {
        self.tables.get(at).map(|table| table.alias.clone()).unwrap_or_default()
    }

    pub(super) fn column(&self, at: usize, column: &str) -> Expr {
        Expr::Column(Some(self.alias(at)), column.into())
    }

    /// Marks a table, and those that lead to it, as used.
    pub(super) fn uses(&mut self, at: usize) {
        let mut at = at;
        while at != 0 {
            let Some(table) = self.tables.get_mut(at) else { return };
            table.used = true;
            at = table.parent;
        }
    }

    /// The joins of the query that a related manager starts with.
    pub(super) fn touched_by_manager(&self) -> BTreeSet<usize> {
        set_of(1..self.tables.len())
    }

    fn is_outer(&self, at: usize) -> bool {
        self.tables.get(at).is_some_and(|table| table.outer)
    }

    /// Lets rows without the joined row stay, where there may be such.
    pub(super) fn promote(&mut self, joins: impl IntoIterator<Item = usize>) {
        let mut joins: std::collections::VecDeque<usize> = joins.into_iter().collect();
        while let Some(at) = joins.pop_front() {
            let Some(table) = self.tables.get(at).filter(|table| at != 0 && !table.outer) else {
                continue;
            };
            if !table.nullable && !self.is_outer(table.parent) {
                continue;
            }
            if let Some(table) = self.tables.get_mut(at) {
                table.outer = true;
            }
            // What hangs on it is looked at again.
            for (next, table) in self.tables.iter().enumerate().skip(1) {
                if table.parent == at && !joins.contains(&next) {
                    joins.push_back(next);
                }
            }
        }
    }

    /// Leaves rows without the joined row out: something else would do so anyway.
    pub(super) fn demote(&mut self, joins: impl IntoIterator<Item = usize>) {
        let mut joins: std::collections::VecDeque<usize> = joins.into_iter().collect();
        while let Some(at) = joins.pop_front() {
            let Some(table) = self.tables.get_mut(at).filter(|table| table.outer) else { continue };
            table.outer = false;
            let parent = table.parent;
            if !self.is_outer(parent) && parent != 0 {
                joins.push_back(parent);
            }
        }
    }

    /// A join: one that is there already, where it may be used again.
    pub(super) fn join(&mut self, join: Join, reuse: &Reuse) -> usize {
        let same = |(at, known): &(usize, &Table)| {
            known.parent == join.parent
                && known.key == join.key
                && reuse.as_ref().is_none_or(|reuse| reuse.contains(at))
        };
        // The last that was made, where there are several.
        if let Some((at, _)) = self.tables.iter().enumerate().skip(1).rfind(same) {
            return at;
        }
        let taken = self.tables.iter().any(|known| known.alias == join.table);
        let alias = match self.prefix {
            Some(prefix) => format!("{prefix}{}", self.tables.len()).into(),
            None if taken => format!("T{}", self.tables.len() + 1).into(),
            None => join.table.clone(),
        };
        let outer = join.nullable || self.is_outer(join.parent);
        self.tables.push(Table {
            alias,
            table: join.table,
            parent: join.parent,
            on: join.on,
            key: join.key,
            nullable: join.nullable,
            outer,
            used: false,
        });
        self.tables.len() - 1
    }
}

/// Whether a name is one of the model's fields.
pub(super) fn is_field(query: &Query, name: &str) -> bool {
    query.model().is_some_and(|model| {
        field_of(&query.world, &model, name).is_some()
            || follow(&query.world, &model, name).is_some()
    })
}

/// What a condition compares with: an instance stands for its key.
pub(super) fn plain(world: &World, value: &Value) -> Value {
    match value {
        Value::Instance(instance) if world.model_of(&instance.class).is_some() => {
            super::instance::key_of(world, instance)
        }
        other => other.clone(),
    }
}
