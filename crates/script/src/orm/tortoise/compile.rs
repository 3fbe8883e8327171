//! From a query set to its SELECT. Follows `AwaitableQuery` and its kinds in Tortoise 1.1.

use std::rc::Rc;

use throughline_core::document::ColumnType;
use throughline_order::Gather as _;

use super::condition::Modifier;
use super::expression::{Context, Node, steps};
use super::queryset::{QuerySet, Shape};
use super::raised;
use super::shape::{self, Rel};
use crate::Machine;
use crate::database::Cell;
use crate::eval::raise;
use crate::sql::{Expr, Join, Order, Select, Source};
use crate::value::Outcome;
use crate::world::Model;

/// A table under its name in the query.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: Rc<str>,
    pub(super) alias: Option<Rc<str>>,
}

impl Table {
    /// A model's own table.
    pub(super) fn of(model: &Model) -> Self {
        Self { name: model.table.clone(), alias: None }
    }

    /// The name that columns are asked by.
    pub(super) fn called(&self) -> &Rc<str> {
        self.alias.as_ref().unwrap_or(&self.name)
    }

    pub(super) fn column(&self, column: &str) -> Expr {
        Expr::column(self.called(), column)
    }

    /// The other table of a relation, under its path as alias.
    pub(super) fn beside(&self, rel: &Rel) -> Self {
        let alias = format!("{}__{}", self.called(), rel.name);
        Self { name: rel.target.table.clone(), alias: Some(alias.into()) }
    }
}

/// Joined tables with their conditions; each table once, as Tortoise shares them.
#[derive(Clone, Default)]
pub(super) struct Joins(Vec<(Table, Expr)>);

impl Joins {
    pub(super) fn push(&mut self, table: Table, on: Expr) {
        if self.0.iter().all(|(known, _)| *known != table) {
            self.0.push((table, on));
        }
    }

    pub(super) fn extend(&mut self, other: Self) {
        other.0.into_iter().for_each(|(table, on)| self.push(table, on));
    }

    pub(super) fn last(&self) -> Option<Table> {
        self.0.last().map(|(table, _)| table.clone())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn joins(&self) -> Vec<Join> {
        let join = |(table, on): &(Table, Expr)| Join {
            kind: "LEFT OUTER JOIN",
            source: Source::table(&table.name, table.alias.as_deref()),
            on: on.clone(),
        };
        self.0.iter().map(join).gather()
    }
}

/// A column of the result: its name there, and its type.
pub(super) type Column = (Rc<str>, Option<ColumnType>);

/// A related instance that the row has: its path, its model, how many columns.
pub(super) struct Related {
    pub(super) path: Vec<Rc<str>>,
    pub(super) model: Rc<Model>,
}

/// What the columns of a row become.
#[derive(Default)]
pub(super) struct Loading {
    pub(super) columns: Vec<Column>,
    pub(super) partial: bool,
    /// How many of the columns are fields of the model itself.
    pub(super) own: usize,
    pub(super) related: Vec<Related>,
    /// Which columns a tuple has, in its order.
    pub(super) picks: Vec<usize>,
}

/// A query that is being put together.
pub(super) struct Build {
    pub(super) context: Context,
    pub(super) joins: Joins,
    pub(super) order: Vec<Order>,
    pub(super) group: Vec<Expr>,
    pub(super) modifier: Modifier,
    /// Annotations as SQL, by their names.
    pub(super) annotated: Vec<(Rc<str>, Expr, Option<ColumnType>)>,
}

impl QuerySet {
    pub(super) fn context(&self) -> Context {
        Context {
            world: self.world.clone(),
            model: self.model.clone(),
            table: Table::of(&self.model),
            annotations: Rc::new(self.annotations.clone()),
        }
    }

    fn build(&self) -> Build {
        Build {
            context: self.context(),
            joins: Joins::default(),
            order: Vec::new(),
            group: Vec::new(),
            modifier: Modifier::default(),
            annotated: Vec::new(),
        }
    }

    /// Conditions and annotations alone: what counting, changing and deleting use.
    pub(super) fn filters_only(&self, machine: &mut Machine) -> Outcome<Build> {
        let mut build = self.build();
        build.filters(machine, self)?;
        Ok(build)
    }

    /// The SELECT, and what its columns are.
    pub(super) fn select(&self, machine: &mut Machine) -> Outcome<(Select, Loading)> {
        let mut build = self.build();
        let mut loading = Loading::default();
        let mut columns: Vec<(Expr, Option<Rc<str>>)> = Vec::new();
        let table = Table::of(&self.model);
        match &self.shape {
            Shape::Instances => {
                for field in self.own_fields(machine)? {
                    // What `only` names is written with its name.
                    let named = (!self.only.is_empty()).then(|| field.name.clone());
                    columns.push((table.column(&field.column), named));
                    loading.columns.push((field.attname.clone(), Some(field.ty.clone())));
                }
                loading.partial = !self.only.is_empty() && columns.len() < self.model.fields.len();
                loading.own = columns.len();
                build.ordering(machine, self)?;
                build.filters(machine, self)?;
                for (name, expr, ty) in &build.annotated {
                    columns.push((expr.clone(), Some(name.clone())));
                    let ty = ty.clone().filter(|ty| matches!(ty, ColumnType::DateTime));
                    loading.columns.push((name.clone(), ty));
                }
                for path in &self.related {
                    build.relate(machine, path, &mut columns, &mut loading)?;
                }
            }
            Shape::Dicts(names) => {
                self.chosen(machine, &mut build, names, &mut columns, &mut loading)?;
            }
            Shape::Tuples(names) | Shape::Flat(names) => {
                let named: Vec<(Rc<str>, Rc<str>)> = names
                    .iter()
                    .enumerate()
                    .map(|(at, name)| (at.to_string().into(), name.clone()))
                    .gather();
                self.chosen(machine, &mut build, &named, &mut columns, &mut loading)?;
            }
        }
        if !self.group_by.is_empty() {
            build.group.clear();
            for name in &self.group_by {
                let annotated = build.annotated.iter().find(|(known, ..)| known == name);
                let by = match annotated {
                    Some((_, expr, _)) => expr.clone(),
                    None => build.selected(machine, name)?.0,
                };
                build.group.push(by);
            }
        }
        let mut select = build.done(columns);
        select.distinct = self.distinct;
        let instances = matches!(self.shape, Shape::Instances);
        // Zero means nothing to `values()`.
        let some = |number: Option<i64>| number.filter(|number| instances || *number != 0);
        select.limit = some(self.limit).map(|limit| Expr::Param(Cell::Int(limit)));
        select.offset = some(self.offset).map(|offset| Expr::Param(Cell::Int(offset)));
        Ok((select, loading))
    }

    fn own_fields(&self, machine: &mut Machine) -> Outcome<Vec<&crate::world::Field>> {
        if self.only.is_empty() {
            return Ok(shape::selected(&self.model));
        }
        let mut out = Vec::new();
        for name in &self.only {
            match shape::column(&self.model, name) {
                Some(field) => out.push(field),
                None if self.annotations.iter().any(|(known, _)| known == name) => {}
                None => {
                    let message =
                        format!("Unknown field \"{name}\" for model \"{}\"", self.model.name);
                    return Err(raised(machine, "FieldError", message));
                }
            }
        }
        Ok(out)
    }

    /// The columns of `values()` and `values_list()`.
    fn chosen(
        &self,
        machine: &mut Machine,
        build: &mut Build,
        names: &[(Rc<str>, Rc<str>)],
        columns: &mut Vec<(Expr, Option<Rc<str>>)>,
        loading: &mut Loading,
    ) -> Outcome<()> {
        let is_annotation =
            |name: &Rc<str>| self.annotations.iter().any(|(known, _)| known == name);
        for (called, name) in names.iter().filter(|(_, name)| !is_annotation(name)) {
            let (expr, ty) = build.selected(machine, name)?;
            columns.push((expr, Some(called.clone())));
            loading.columns.push((called.clone(), ty));
        }
        build.ordering(machine, self)?;
        build.filters(machine, self)?;
        // Annotations follow: under their own names where these are asked for, then under those that they are asked for by.
        let tuples = !matches!(self.shape, Shape::Dicts(_));
        let asked = |name: &Rc<str>| {
            names.iter().any(|(called, of)| if tuples { of == name } else { called == name })
        };
        let own = build
            .annotated
            .iter()
            .filter(|(name, ..)| asked(name))
            .map(|(name, ..)| (name.clone(), name.clone()));
        let renamed =
            names.iter().filter(|(called, name)| is_annotation(name) && called != name).cloned();
        for (called, name) in own.chain(renamed) {
            let Some((_, expr, ty)) = build.annotated.iter().find(|(known, ..)| *known == name)
            else {
                continue;
            };
            columns.push((expr.clone(), Some(called.clone())));
            loading.columns.push((called, ty.clone()));
        }
        let place =
            |called: &Rc<str>| loading.columns.iter().position(|(known, _)| known == called);
        loading.picks = names.iter().filter_map(|(called, _)| place(called)).gather();
        Ok(())
    }
}

impl Build {
    /// The SELECT with these columns.
    pub(super) fn done(&self, columns: Vec<(Expr, Option<Rc<str>>)>) -> Select {
        Select {
            columns,
            from: vec![Source::table(&self.context.model.table, None)],
            joins: self.joins.joins(),
            condition: self.modifier.wheres.clone(),
            group_by: self.group.clone(),
            having: self.modifier.having.clone(),
            order_by: self.order.clone(),
            ..Select::default()
        }
    }

    /// `resolve_filters`: annotations first, then conditions; aggregates group by all columns of the model.
    fn filters(&mut self, machine: &mut Machine, set: &QuerySet) -> Outcome<()> {
        let mut aggregate = false;
        for (name, node) in &set.annotations {
            let term = self.context.resolve(machine, node, &mut self.joins)?;
            aggregate |= term.aggregate;
            self.annotated.push((name.clone(), term.expr, term.ty));
        }
        for q in &set.conditions {
            let modifier = self.context.condition(machine, q)?;
            let before = std::mem::take(&mut self.modifier);
            self.modifier = before.and(modifier);
        }
        self.joins.extend(self.modifier.joins.clone());
        let grouped =
            !self.joins.is_empty() || self.modifier.having.is_some() || !self.order.is_empty();
        if aggregate && grouped {
            let table = self.context.table.clone();
            self.group = shape::selected(&set.model)
                .into_iter()
                .map(|field| table.column(&field.column))
                .gather();
        }
        Ok(())
    }

    fn ordering(&mut self, machine: &mut Machine, set: &QuerySet) -> Outcome<()> {
        let mut orderings = set.order.clone();
        if orderings.is_empty() && set.annotations.is_empty() {
            let signed = |name: &Rc<str>| match name.strip_prefix('-') {
                Some(name) => (name.into(), true),
                None => (name.clone(), false),
            };
            orderings = set.model.ordering.iter().map(signed).gather();
        }
        for (name, descending) in orderings {
            let direction = if descending { "DESC" } else { "ASC" };
            let by = self.order_by(machine, &name, set)?;
            self.order.push(Order { by, direction, nulls: "" });
        }
        Ok(())
    }

    fn order_by(&mut self, machine: &mut Machine, name: &str, set: &QuerySet) -> Outcome<Expr> {
        let (mut model, mut table) = (set.model.clone(), Table::of(&set.model));
        let mut rest = name;
        loop {
            if shape::relation(&set.world, &model, rest).is_some() {
                let message = "Filtering by relation is not possible. Filter by nested field of related model";
                return Err(raised(machine, "FieldError", message));
            }
            let Some((first, forwarded)) = rest.split_once("__") else { break };
            let Some(rel) = shape::relation(&set.world, &model, first) else { break };
            let steps = steps(&table, &rel);
            table = steps.last().unwrap_or_else(|| Table::of(&rel.target));
            self.joins.extend(steps);
            model = rel.target;
            rest = forwarded;
        }
        let annotation = set.annotations.iter().find(|(known, _)| **known == *rest);
        if let (Some((name, node)), true) = (annotation, rest == name) {
            // What is selected is ordered by under its name.
            let selected = match &set.shape {
                Shape::Instances => set.only.is_empty() || set.only.contains(name),
                Shape::Dicts(names) => {
                    names.is_empty() || names.iter().any(|(called, _)| called == name)
                }
                Shape::Tuples(names) | Shape::Flat(names) => {
                    names.is_empty() || names.contains(name)
                }
            };
            if selected {
                return Ok(Expr::Column(None, name.clone()));
            }
            let mut joins = Joins::default();
            let term = self.context.resolve(machine, node, &mut joins)?;
            self.joins.extend(joins);
            return Ok(term.expr);
        }
        match shape::column(&model, rest) {
            Some(field) => Ok(table.column(&field.column)),
            None => {
                let message = format!("Unknown field {rest} for model {}", model.name);
                Err(raised(machine, "FieldError", message))
            }
        }
    }

    /// A column of `values()`, by its path.
    fn selected(
        &mut self,
        machine: &mut Machine,
        path: &str,
    ) -> Outcome<(Expr, Option<ColumnType>)> {
        let world = self.context.world.clone();
        let (mut model, mut table) = (self.context.model.clone(), self.context.table.clone());
        let root = model.clone();
        let mut rest = path;
        loop {
            let (first, forwarded) = rest.split_once("__").unwrap_or((rest, ""));
            if let Some(field) = shape::column(&model, first) {
                if forwarded.is_empty() {
                    return Ok((table.column(&field.column), Some(field.ty.clone())));
                }
                let message = if rest == path {
                    format!("Unknown field \"{path}\" for model \"{}\"", model.name)
                } else {
                    format!("Field \"{first}\" for model \"{}\" is not relation", model.name)
                };
                return Err(raised(machine, "FieldError", message));
            }
            // Tortoise looks at the relations of the first model here.
            if forwarded.is_empty() && shape::relation(&world, &root, first).is_some() {
                let message = format!(
                    "Selecting relation \"{first}\" is not possible, select concrete field on related model"
                );
                return Err(raise("ValueError", message));
            }
            let Some(rel) = shape::relation(&world, &model, first) else {
                let shown = if rest == path { path } else { first };
                let message = format!("Unknown field \"{shown}\" for model \"{}\"", model.name);
                return Err(raised(machine, "FieldError", message));
            };
            let steps = steps(&table, &rel);
            table = steps.last().unwrap_or_else(|| Table::of(&rel.target));
            self.joins.extend(steps);
            model = rel.target;
            rest = forwarded;
        }
    }

    /// `select_related`
    fn relate(
        &mut self,
        machine: &mut Machine,
        path: &str,
        columns: &mut Vec<(Expr, Option<Rc<str>>)>,
        loading: &mut Loading,
    ) -> Outcome<()> {
        let world = self.context.world.clone();
        let (mut model, mut table) = (self.context.model.clone(), self.context.table.clone());
        let mut so_far: Vec<Rc<str>> = Vec::new();
        for name in path.split("__") {
            let Some(rel) = shape::relation(&world, &model, name) else {
                let field = shape::column(&model, name).and_then(|field| field.declared.as_ref());
                return Err(match field {
                    Some(field) => raise(
                        "AttributeError",
                        format!("'{}' object has no attribute 'related_model'", field.class.text),
                    ),
                    None => raised(machine, "FieldError", format!("{path} not resolvable")),
                });
            };
            let steps = steps(&table, &rel);
            table = steps.last().unwrap_or_else(|| Table::of(&rel.target));
            self.joins.extend(steps);
            so_far.push(rel.name.clone());
            model = rel.target;
            if loading.related.iter().any(|known| known.path == so_far) {
                continue;
            }
            for field in shape::selected(&model) {
                let called = format!("{}.{}", table.called(), field.column);
                columns.push((table.column(&field.column), Some(called.into())));
                loading.columns.push((field.attname.clone(), Some(field.ty.clone())));
            }
            loading.related.push(Related { path: so_far.clone(), model: model.clone() });
        }
        Ok(())
    }
}

/// Whether an annotation can be used as it is.
pub(super) fn is_expression(node: &Node) -> bool {
    !matches!(node, Node::Value(_))
}
