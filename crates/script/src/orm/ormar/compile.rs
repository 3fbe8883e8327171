//! From query sets to SELECT: `Query.build_select_expression` and `SqlJoin` of ormar.

use std::rc::Rc;

use throughline_order::{Arrange as _, Gather as _};

use super::clause::{Action, Clause, Joined, Target, field_of, plain};
use super::exceptions::raise as raise_own;
use super::link::{Kind, Link, link};
use super::queryset::{Order, QuerySet};
use super::save::cell;
use super::stumbles;
use crate::Machine;
use crate::database::Cell;
use crate::eval::{raise, refuse};
use crate::sql::{self, Expr, Is, Join, Select, Source, What};
use crate::value::Outcome;
use crate::world::Model;

/// Relations that are joined, each with those beyond.
#[derive(Debug, Default)]
pub(super) struct Tree(pub(super) Vec<(String, Tree)>);

impl Tree {
    /// `group_related_list`: by name, those with fewer relations beyond first.
    pub(super) fn of(paths: &[String]) -> Self {
        let mut names: Vec<&str> = paths.iter().filter_map(|path| path.split("__").next()).gather();
        names.arrange();
        names.dedup();
        let mut out: Vec<(String, Self)> = names
            .into_iter()
            .map(|name| {
                let beyond: Vec<String> = paths
                    .iter()
                    .filter_map(|path| path.strip_prefix(name)?.strip_prefix("__"))
                    .map(Into::into)
                    .gather();
                (name.to_owned(), Self::of(&beyond))
            })
            .gather();
        out.arrange_by_key(|(_, beyond)| beyond.0.len());
        Self(out)
    }
}

/// A column of the SELECT.
pub(super) struct Column {
    pub(super) table: (String, bool),
    pub(super) field: Rc<str>,
    pub(super) model: usize,
}

/// A SELECT and what its columns mean.
pub(super) struct Compiled {
    pub(super) select: Select,
    pub(super) columns: Vec<Column>,
    /// Whether ormar has left a reserved word without quotes, which.
    pub(super) broken: Option<String>,
}

struct Builder<'a> {
    set: &'a QuerySet,
    orders: &'a [Order],
    out: Compiled,
    /// Tables with their aliases: those that are joined, then those that conditions name alone.
    aliases: Vec<((String, bool), bool)>,
    sorted: Vec<Option<Expr>>,
    /// Orders that no one asked for, whether descending.
    defaults: Vec<(Expr, bool)>,
}

impl QuerySet {
    pub(super) fn compiled(&self, machine: &mut Machine) -> Outcome<Compiled> {
        self.compiled_with(machine, self.limit, &self.orders)
    }

    /// With another limit and order.
    pub(super) fn compiled_with(
        &self,
        machine: &mut Machine,
        limit: Option<i64>,
        orders: &[Order],
    ) -> Outcome<Compiled> {
        let model = self.own()?;
        let mut builder = Builder {
            set: self,
            orders,
            out: Compiled { select: Select::default(), columns: Vec::new(), broken: None },
            aliases: Vec::new(),
            sorted: vec![None; orders.len()],
            defaults: Vec::new(),
        };
        builder.out.select.from.push(Source::table(&model.table, None));
        builder.columns(&model, &(String::new(), false), &model.table, "");
        for (at, order) in orders.iter().enumerate() {
            if order.own {
                let by = builder.order_column(order)?;
                if let Some(slot) = builder.sorted.get_mut(at) {
                    *slot = Some(by);
                }
            }
        }
        if !orders.iter().any(|order| order.own) {
            builder.default_orders(&model, &(String::new(), false), &model.ordering)?;
        }
        builder.join(machine, &model, &Tree::of(&self.related), "", None)?;
        builder.finish(machine, &model, limit)
    }

    pub(super) fn own(&self) -> Outcome<Rc<Model>> {
        self.world.model(self.model).cloned().ok_or_else(|| raise("LookupError", "no such model"))
    }

    /// WHERE of statements without joins.
    pub(super) fn condition_alone(&self, machine: &mut Machine) -> Outcome<Option<Expr>> {
        if !self.related.is_empty() {
            return Err(refuse(
                "ormar's `update` and `delete` with conditions on relations are not supported here: get the keys first.",
            ));
        }
        let mut aliases = Vec::new();
        condition(machine, self, &mut aliases)
    }
}

/// The name of a table in the query.
fn name_of(set: &QuerySet, aliases: &mut Vec<((String, bool), bool)>, target: &Target) -> Rc<str> {
    let table = set.world.model(target.model).map(|model| model.table.clone()).unwrap_or_default();
    let key = target.table();
    if key.0.is_empty() {
        return table;
    }
    let at = match aliases.iter().position(|(known, _)| *known == key) {
        Some(at) => at,
        None => {
            aliases.push((key, false));
            aliases.len() - 1
        }
    };
    format!("j{}_{table}", at + 1).into()
}

fn condition(
    machine: &mut Machine,
    set: &QuerySet,
    aliases: &mut Vec<((String, bool), bool)>,
) -> Outcome<Option<Expr>> {
    let mut all = Vec::new();
    for clause in &set.filters {
        all.push(clause_expr(machine, set, aliases, clause)?);
    }
    let mut negated = Vec::new();
    for clause in &set.excludes {
        negated.push(clause_expr(machine, set, aliases, clause)?);
    }
    match negated.as_slice() {
        [] => {}
        [Expr::Binary("=", left, right)] => {
            all.push(Expr::Binary("!=", left.clone(), right.clone()))
        }
        _ => all.push(Expr::Not(Box::new(Expr::And(negated)))),
    }
    Ok((!all.is_empty()).then_some(Expr::And(all)))
}

fn clause_expr(
    machine: &mut Machine,
    set: &QuerySet,
    aliases: &mut Vec<((String, bool), bool)>,
    clause: &Clause,
) -> Outcome<Expr> {
    match clause {
        Clause::One(action) => action_expr(machine, set, aliases, action),
        Clause::Group(clauses, joined, negated) => {
            let mut all = Vec::new();
            for clause in clauses {
                all.push(clause_expr(machine, set, aliases, clause)?);
            }
            let inner = match joined {
                Joined::And => Expr::And(all),
                Joined::Or => Expr::Or(all),
            };
            Ok(if *negated { Expr::Not(Box::new(inner)) } else { Expr::Group(Box::new(inner)) })
        }
    }
}

fn action_expr(
    machine: &mut Machine,
    set: &QuerySet,
    aliases: &mut Vec<((String, bool), bool)>,
    action: &Action,
) -> Outcome<Expr> {
    let field = field_of(&set.world, &action.target)?;
    let column = Expr::column(&name_of(set, aliases, &action.target), &field.column);
    let value = plain(&set.world, &action.value);
    let escape = action.escaped.then_some('\\');
    let compare = |machine: &mut Machine, op| {
        Ok(Expr::binary(op, column.clone(), Expr::Param(cell(machine, field, &value)?)))
    };
    match action.lookup {
        "exact" if value.is_none() => Ok(Expr::IsNull(Box::new(column), Is::So)),
        "exact" => compare(machine, "="),
        "gt" => compare(machine, ">"),
        "gte" => compare(machine, ">="),
        "lt" => compare(machine, "<"),
        "lte" => compare(machine, "<="),
        "isnull" => {
            let is = if machine.truth(&value)? { Is::So } else { Is::Not };
            Ok(Expr::IsNull(Box::new(column), is))
        }
        "in" => {
            let mut items = Vec::new();
            for item in machine.list_of(&value)? {
                let item = plain(&set.world, &item);
                items.push(Expr::Param(cell(machine, field, &item)?));
            }
            if items.is_empty() {
                return Ok(Expr::Or(Vec::new()));
            }
            Ok(Expr::In(Box::new(column), items, Is::So))
        }
        // SQLite's LIKE takes upper and lower case for the same, so that `contains` is `icontains`.
        _ => {
            let text = Expr::Param(Cell::Text(machine.str(&value)?));
            let any_case = action.lookup.starts_with('i');
            let term =
                |expr| Box::new(if any_case { Expr::call("lower", vec![expr]) } else { expr });
            Ok(Expr::Like(term(column), term(text), escape))
        }
    }
}

impl Builder<'_> {
    fn target(&self, model: &Model, table: &(String, bool), field: &str) -> Target {
        let (path, through) = table.clone();
        let (path, through) = if through { (String::new(), Some(path)) } else { (path, None) };
        Target { path, through, stray: false, model: model.at, field: field.to_owned() }
    }

    fn order_column(&mut self, order: &Order) -> Outcome<Expr> {
        let field = field_of(&self.set.world, &order.target)?;
        Ok(Expr::column(&name_of(self.set, &mut self.aliases, &order.target), &field.column))
    }

    /// Columns of a table: those that are asked for, and its key.
    fn columns(&mut self, model: &Model, table: &(String, bool), name: &str, prefix: &str) {
        let wanted = |name: &str| self.set.wants(table, name);
        let own = model.fields.iter().any(|field| field.primary_key && wanted(&field.name));
        let fields =
            model.fields.iter().filter(|field| wanted(&field.name) || (field.primary_key && !own));
        for field in fields {
            let alias = format!("{prefix}{}", field.column);
            let expr = Expr::column(name, &field.column);
            self.out.select.columns.push((expr, Some(alias.into())));
            self.out.columns.push(Column {
                table: table.clone(),
                field: field.name.clone(),
                model: model.at,
            });
        }
    }

    fn default_orders(
        &mut self,
        model: &Model,
        table: &(String, bool),
        by: &[Rc<str>],
    ) -> Outcome<()> {
        let mut names: Vec<Rc<str>> = by.to_vec();
        if names.is_empty() {
            names.extend(model.key().map(|key| key.name.clone()));
        }
        for name in names {
            let (descending, name) =
                name.strip_prefix('-').map_or((false, &*name), |rest| (true, rest));
            let target = self.target(model, table, name);
            let order = Order { target, descending, own: false, nulls: "" };
            let by = self.order_column(&order)?;
            self.defaults.push((by, descending));
        }
        Ok(())
    }

    /// Gives a table the orders that name it; whether there were any.
    fn sort(&mut self, table: &(String, bool)) -> Outcome<bool> {
        let mut any = false;
        for (at, order) in self.orders.iter().enumerate() {
            if order.target.table() == *table && !table.0.is_empty() {
                let by = self.order_column(order)?;
                if let Some(slot) = self.sorted.get_mut(at) {
                    *slot = Some(by);
                }
                any = true;
            }
        }
        Ok(any)
    }

    /// The order that a many-to-many's declaration gives it: by its target, or by its through model. Whether it names the target.
    fn relation_orders(
        &mut self,
        machine: &mut Machine,
        link: &Link,
        through: &Model,
        to: &Model,
        here: &str,
    ) -> Outcome<bool> {
        let mut of_target = false;
        for order in &link.orders {
            // ormar takes a sign before a through model's name for a part of the name.
            match order.split_once("__") {
                None => {
                    of_target = true;
                    self.default_orders(
                        to,
                        &(here.to_owned(), false),
                        std::slice::from_ref(order),
                    )?;
                }
                Some((model, field))
                    if *model == through.name.to_lowercase() && !field.contains("__") =>
                {
                    let by = [field.into()];
                    self.default_orders(through, &(here.to_owned(), true), &by)?;
                }
                Some(_) => {
                    let message =
                        "You can order the relation only by related or link table columns!";
                    return Err(raise_own(machine, "ModelDefinitionError", message));
                }
            }
        }
        Ok(of_target)
    }

    fn join(
        &mut self,
        machine: &mut Machine,
        model: &Model,
        tree: &Tree,
        path: &str,
        before: Option<&str>,
    ) -> Outcome<()> {
        let world = self.set.world.clone();
        for (name, beyond) in &tree.0 {
            let Some(link) = link(&world, model.at, name) else {
                return Err(raise("KeyError", name.as_str()));
            };
            let Some(to) = world.model(link.target).cloned() else { continue };
            let here = if path.is_empty() { name.clone() } else { format!("{path}__{name}") };
            let mut ordered = false;
            let own_table: Rc<str> = before.map_or_else(|| model.table.clone(), Into::into);
            let key_of =
                |model: &Model| model.key().map(|key| key.column.clone()).unwrap_or_default();
            let (mut from, mut nested) = ((own_table, key_of(model)), before.is_some());
            let column: Rc<str> = match (link.kind, &link.via) {
                (Kind::Key, _) => {
                    from.1 = link.column.clone();
                    key_of(&to)
                }
                (Kind::Reverse, _) => link.column.clone(),
                (Kind::Many, Some(via)) => {
                    let Some(through) = world.model(via.model).cloned() else { continue };
                    let column = |name: &str| {
                        through
                            .field(name)
                            .map_or_else(|| name.into(), |field| field.column.clone())
                    };
                    let table = (here.clone(), true);
                    let alias = self.joined(&through, &table, &from, &column(&via.near), nested);
                    if !self.sort(&table)? {
                        ordered = self.relation_orders(machine, &link, &through, &to, &here)?;
                    }
                    from = (alias, column(&via.far));
                    nested = true;
                    key_of(&to)
                }
                (Kind::Many | Kind::Through, _) => {
                    return Err(refuse("Relations of through models are not joined here."));
                }
            };
            let table = (here.clone(), false);
            let alias = self.joined(&to, &table, &from, &column, nested);
            match (self.sort(&table)?, link.orders.as_slice()) {
                (true, _) => {}
                (false, []) => self.default_orders(&to, &table, &to.ordering.clone())?,
                (false, orders) if link.via.is_none() => {
                    self.default_orders(&to, &table, orders)?
                }
                (false, _) if ordered => {}
                (false, _) => self.default_orders(&to, &table, &to.ordering.clone())?,
            }
            self.join(machine, &to, beyond, &here, Some(&alias))?;
        }
        Ok(())
    }

    /// A LEFT JOIN; the name of its table.
    fn joined(
        &mut self,
        model: &Model,
        table: &(String, bool),
        from: &(Rc<str>, Rc<str>),
        column: &str,
        nested: bool,
    ) -> Rc<str> {
        if nested && stumbles(&from.1) {
            self.out.broken.get_or_insert_with(|| from.1.to_string());
        }
        let target = self.target(model, table, "");
        let name = name_of(self.set, &mut self.aliases, &target);
        if let Some(entry) = self.aliases.iter_mut().find(|(known, _)| known == table) {
            entry.1 = true;
        }
        let on = Expr::binary("=", Expr::column(&name, column), Expr::column(&from.0, &from.1));
        let source = Source::table(&model.table, Some(&name));
        self.out.select.joins.push(Join { kind: "LEFT OUTER JOIN", source, on });
        let prefix = name.split('_').next().map(|alias| format!("{alias}_")).unwrap_or_default();
        self.columns(model, table, &name, &prefix);
        name
    }

    fn finish(
        mut self,
        machine: &mut Machine,
        model: &Model,
        limit: Option<i64>,
    ) -> Outcome<Compiled> {
        self.out.select.condition = condition(machine, self.set, &mut self.aliases)?;
        // A table that a condition names and nothing joins stands beside the others: ormar's cartesian products.
        let loose: Vec<(usize, String)> = self
            .aliases
            .iter()
            .enumerate()
            .filter(|(_, (_, joined))| !joined)
            .map(|(at, ((path, _), _))| (at, path.clone()))
            .gather();
        for (at, path) in loose {
            let table = through_of(self.set, &path)?;
            let name = format!("j{}_{table}", at + 1);
            self.out.select.from.push(Source::table(&table, Some(&name)));
        }
        let mut order_by = Vec::new();
        let mut by_groups = Vec::new();
        let key = Expr::column(
            &model.table,
            &model.key().map(|key| key.column.clone()).unwrap_or_default(),
        );
        let sorted = self
            .sorted
            .iter()
            .zip(self.orders)
            .filter_map(|(by, order)| Some((by.clone()?, order.descending, order.nulls)));
        let defaults = self.defaults.iter().map(|(by, descending)| (by.clone(), *descending, ""));
        for (by, descending, nulls) in sorted.chain(defaults) {
            let direction = if descending { "desc" } else { "" };
            let least = if descending { "max" } else { "min" };
            let whole = if by == key { by.clone() } else { Expr::call(least, vec![by.clone()]) };
            by_groups.push(sql::Order { by: whole, direction, nulls: "" });
            order_by.push(sql::Order { by, direction, nulls });
        }
        let number = |number: i64| Some(Expr::Param(Cell::Int(number)));
        let offset = self.set.offset.filter(|offset| *offset != 0);
        let select = &mut self.out.select;
        let limits = limit.is_some() || offset.is_some();
        // SQLAlchemy gives SQLite an offset with every limit.
        let (limit, offset) =
            (limit.and_then(number), number(offset.unwrap_or(0)).filter(|_| limits));
        if limits && !self.set.raw && !self.set.related.is_empty() {
            let inner = Select {
                columns: vec![(key.clone(), None)],
                from: select.from.clone(),
                joins: select.joins.clone(),
                condition: select.condition.clone(),
                group_by: vec![key.clone()],
                order_by: by_groups,
                limit,
                offset,
                ..Select::default()
            };
            let column = model.key().map(|key| key.column.clone()).unwrap_or_default();
            let source =
                Source { what: What::Select(Box::new(inner)), alias: Some("limit_query".into()) };
            let on = Expr::binary("=", Expr::column("limit_query", &column), key);
            select.joins.push(Join { kind: "JOIN", source, on });
        } else {
            select.limit = limit;
            select.offset = offset;
        }
        select.order_by = order_by;
        Ok(self.out)
    }
}

/// The through table of a many-to-many that is named without being joined.
fn through_of(set: &QuerySet, path: &str) -> Outcome<Rc<str>> {
    let mut parts: Vec<&str> = path.trim_end_matches('!').split("__").gather();
    if path.ends_with('!') {
        parts.push("pk");
        let target = super::clause::target(&set.world, set.model, &parts)?;
        return Ok(set.world.model(target.model).map(|to| to.table.clone()).unwrap_or_default());
    }
    let target = super::clause::target(&set.world, set.model, &parts)?;
    let via = link(&set.world, target.model, &target.field).and_then(|link| link.via);
    via.and_then(|via| set.world.model(via.model)).map(|model| model.table.clone()).ok_or_else(
        || refuse("A condition on a relation that is not joined is not supported here."),
    )
}

/// What a value of a row is, in Python.
pub(super) fn value(
    machine: &mut Machine,
    set: &QuerySet,
    column: &Column,
    cell: &Cell,
) -> Outcome {
    let model = set.world.model(column.model).cloned();
    let field = model.as_ref().and_then(|model| model.field(&column.field));
    super::choices::value(machine, field, cell)
}
