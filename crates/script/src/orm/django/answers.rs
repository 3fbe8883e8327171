//! What ends a query set: one row, a count, a change.

use std::rc::Rc;

use throughline_core::document::RelationKind;
use throughline_order::{Arrange as _, Gather as _};

use super::expression::Node;
use super::methods::texts;
use super::query::{Group, Query};
use super::queryset::{QuerySet, never, query_set};
use super::{STYLE, compile, raise_field_error};
use crate::Machine;
use crate::database::Cell;
use crate::eval::{raise, refuse};
use crate::sql::{Expr, Select, Writer};
use crate::value::{Args, Class, Outcome, Value};

impl QuerySet {
    /// `DoesNotExist`
    fn missing(&self, machine: &mut Machine) -> Box<crate::Raised> {
        let name = self.query.model().map(|model| model.name.clone()).unwrap_or_default();
        let message = format!("{name} matching query does not exist.");
        let class = self.query.world.class(self.query.model).map_or(Value::None, Value::Class);
        match machine.attribute(&class, "DoesNotExist") {
            Ok(Value::Class(class)) => machine.exception(&class, vec![Value::from(message)]),
            _ => raise("Exception", message),
        }
    }

    pub(super) fn one(&self, machine: &mut Machine) -> Outcome {
        let mut set = self.copy();
        if set.combined.is_empty() && set.query.limit.is_none() {
            set.query.limit = Some(21);
            set.query.order.clear();
            set.query.ordered = true;
        }
        let found = set.rows(machine)?;
        let world = &self.query.world;
        let name = self.query.model().map(|model| model.name.clone()).unwrap_or_default();
        let class = world.class(self.query.model).map_or(Value::None, Value::Class);
        let (error, message) = match found.as_slice() {
            [only] => return Ok(only.clone()),
            [] => ("DoesNotExist", format!("{name} matching query does not exist.")),
            many => {
                let count = if many.len() > 20 {
                    "more than 20".to_owned()
                } else {
                    many.len().to_string()
                };
                (
                    "MultipleObjectsReturned",
                    format!("get() returned more than one {name} -- it returned {count}!"),
                )
            }
        };
        match machine.attribute(&class, error)? {
            Value::Class(class) => Err(machine.exception(&class, vec![Value::from(message)])),
            _ => Err(raise("Exception", message)),
        }
    }

    pub(super) fn end(&self, machine: &mut Machine, last: bool) -> Outcome {
        let mut set = self.copy();
        if last {
            self.uncut("reverse")?;
        }
        let ordered = set.query.ordered && !set.query.order.is_empty()
            || !set.query.ordered
                && set.query.model().is_some_and(|model| {
                    !compile::default_order(&set.query.world, &model).is_empty()
                });
        if !ordered {
            if matches!(set.query.group, Group::Values(_)) {
                let method = if last { "last" } else { "first" };
                let message = format!(
                    "Cannot use QuerySet.{method}() on an unordered queryset performing aggregation. Add an ordering with order_by()."
                );
                return Err(raise("TypeError", message));
            }
            self.uncut("reorder")?;
            set.query.order = vec![compile::item("pk")];
            set.query.ordered = true;
        }
        if last {
            set.query.reversed = !set.query.reversed;
        }
        set.query.limit = Some(1);
        Ok(set.rows(machine)?.into_iter().next().unwrap_or(Value::None))
    }

    pub(super) fn extreme(&self, machine: &mut Machine, args: Args, last: bool) -> Outcome {
        let mut set = self.copy();
        let mut names = texts(&args);
        if names.is_empty() {
            names = set.query.model().map(|model| model.get_latest_by.clone()).unwrap_or_default();
        }
        if names.is_empty() {
            return Err(raise(
                "ValueError",
                "earliest() and latest() require either fields as positional arguments or 'get_latest_by' in the model's Meta.",
            ));
        }
        self.uncut("change")?;
        set.query.order = names.iter().map(|name| compile::item(name)).gather();
        set.query.ordered = true;
        set.query.reversed = last;
        set.query.limit = Some(1);
        match set.rows(machine)?.into_iter().next() {
            Some(row) => Ok(row),
            None => Err(set.missing(machine)),
        }
    }

    pub(super) fn count(&self, machine: &mut Machine) -> Outcome<i64> {
        if let Some(rows) = &*self.fetched.borrow() {
            return Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX));
        }
        if self.is_empty() && self.combined.is_empty() {
            return Ok(0);
        }
        let name: Option<Rc<str>> = Some("__count".into());
        let star = Expr::call("COUNT", vec![Expr::Star]);
        let plain = !self.query.distinct
            && self.query.limit.is_none()
            && self.query.offset == 0
            && self.combined.is_empty()
            && self.query.group == Group::No;
        let select = if plain {
            let mut query = self.query.clone();
            query.order.clear();
            query.ordered = true;
            query.select(machine, vec![(star, name)])?
        } else {
            let mut set = self.copy();
            if set.query.limit.is_none() && set.query.offset == 0 {
                set.query.order.clear();
                set.query.ordered = true;
            }
            let (mut inner, _) = set.compiled(machine)?;
            for (at, (_, alias)) in inner.columns.iter_mut().enumerate() {
                alias.get_or_insert_with(|| format!("col{}", at + 1).into());
            }
            let from = crate::sql::Source {
                what: crate::sql::What::Select(Box::new(inner)),
                alias: Some("subquery".into()),
            };
            Select {
                columns: vec![(Expr::call("COUNT", vec![Expr::Star]), None)],
                from: vec![from],
                ..Select::default()
            }
        };
        let reply = self.send(machine, Writer::new(&STYLE).select(&select))?;
        Ok(match reply.rows.first().and_then(|row| row.first()) {
            Some(Cell::Int(count)) => *count,
            _ => 0,
        })
    }

    pub(super) fn exists(&self, machine: &mut Machine) -> Outcome<bool> {
        if let Some(rows) = &*self.fetched.borrow() {
            return Ok(!rows.is_empty());
        }
        if self.is_empty() && self.combined.is_empty() {
            return Ok(false);
        }
        let cut = self.query.limit.is_some() || self.query.offset > 0;
        if !self.combined.is_empty() || self.query.distinct && cut {
            let mut set = self.copy();
            set.prefetches.clear();
            set.query.limit = Some(set.query.limit.map_or(1, |limit| limit.min(1)));
            return Ok(!set.rows(machine)?.is_empty());
        }
        let mut query = self.query.clone();
        query.order.clear();
        query.ordered = true;
        query.limit.get_or_insert(1);
        query.limit = query.limit.map(|limit| limit.min(1));
        let select = query.select(machine, vec![(Expr::Param(Cell::Int(1)), Some("a".into()))])?;
        Ok(!self.send(machine, Writer::new(&STYLE).select(&select))?.rows.is_empty())
    }

    pub(super) fn create(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        self.is_there(machine)?;
        if let Some(manager) = &self.manager {
            return manager.clone().create(machine, args);
        }
        let world = &self.query.world;
        let Some(class) = world.class(self.query.model) else { return Ok(Value::None) };
        if let Some(model) = self.query.model() {
            let single = |name: &str| {
                model
                    .by_accessor(name)
                    .is_some_and(|reverse| reverse.kind == RelationKind::OneToOne)
            };
            let wrong: Vec<&str> =
                args.keywords.iter().map(|(name, _)| &**name).filter(|name| single(name)).gather();
            if !wrong.is_empty() {
                let names = wrong.join(", ");
                let message = format!("The following fields do not exist in this model: {names}");
                return Err(raise("ValueError", message));
            }
        }
        args.positional.clear();
        let made = machine.call(&Value::Class(class), args)?;
        if let Value::Instance(instance) = &made {
            // A row with this key that is there already is no reason to write over it.
            let insert = super::save::Force::Insert;
            super::save::saved(machine, world, instance, None, insert)?;
        }
        Ok(made)
    }

    pub(super) fn get_or_create(
        &self,
        machine: &mut Machine,
        args: Args,
        defaults: Vec<(Rc<str>, Value)>,
    ) -> Outcome<(Value, bool)> {
        match self.narrowed(machine, args.clone())?.one(machine) {
            Ok(row) => Ok((row, false)),
            Err(raised) => {
                let missing = machine
                    .caught(&raised)
                    .is_some_and(|exception| &*exception.class.name == "DoesNotExist");
                if !missing {
                    return Err(raised);
                }
                if let Some(model) = self.query.model() {
                    let class = self.query.world.class(model.at);
                    let given = args.keywords.iter().chain(&defaults).map(|(name, _)| name);
                    let known = |name: &str| {
                        name.contains("__")
                            || name == "pk"
                            || name == super::methods::THROUGH
                            || super::query::field_of(&self.query.world, &model, name).is_some()
                            || model.relation(name).is_some()
                            || model.by_accessor(name).is_some()
                            || class.as_ref().is_some_and(|class| has_setter(class, name))
                    };
                    let mut wrong: Vec<&str> =
                        given.map(|name| &**name).filter(|name| !known(name)).gather();
                    wrong.arrange();
                    if !wrong.is_empty() {
                        let message = format!(
                            "Invalid field name(s) for model {}: '{}'.",
                            model.name,
                            wrong.join("', '")
                        );
                        return Err(raise_field_error(machine, &message));
                    }
                }
                let mut keywords: Vec<(Rc<str>, Value)> =
                    args.keywords.into_iter().filter(|(name, _)| !name.contains("__")).gather();
                for (name, value) in defaults {
                    keywords.retain(|(known, _)| *known != name);
                    keywords.push((name, value));
                }
                self.create(machine, Args { positional: Vec::new(), keywords })
                    .map(|row| (row, true))
            }
        }
    }

    pub(super) fn update(&self, machine: &mut Machine, args: Args) -> Outcome {
        let mut query = self.query.clone();
        let Some(model) = query.model() else { return Ok(Value::None) };
        if query.limit.is_some() {
            return Err(raise("TypeError", "Cannot update a query once a slice has been taken."));
        }
        if never(&query.condition) || query.empty {
            return Ok(Value::Int(0));
        }
        let mut set = Vec::new();
        for (name, value) in args.keywords {
            let Some(field) = model.field(&name) else {
                if model.relation(&name).is_some() || model.by_query_name(&name).is_some() {
                    let kind = if model.relation(&name).is_some() {
                        format!("<django.db.models.fields.related.ManyToManyField: {name}>")
                    } else {
                        format!("<ManyToOneRel: {name}>")
                    };
                    let message = format!(
                        "Cannot update model field {kind} (only non-relations and foreign keys permitted)."
                    );
                    return Err(raise_field_error(machine, &message));
                }
                if super::query::field_of(&query.world, &model, &name).is_some() {
                    return Err(refuse(format!(
                        "`update({name}=…)` of a parent's field is not supported here: update the parent's rows, or save each instance."
                    )));
                }
                let message = format!("{} has no field named '{name}'", model.name);
                return Err(
                    match super::class_of(machine, "django.core.exceptions", "FieldDoesNotExist") {
                        Some(class) => machine.exception(&class, vec![Value::from(message)]),
                        None => raise("AttributeError", message),
                    },
                );
            };
            let key = referred(&query.world, &model, field, &value);
            if let (true, Value::Instance(_)) = (key.is_none(), &value) {
                let shown = machine.repr(&value)?;
                let message =
                    format!("Unsaved model instance {shown} cannot be used in an ORM query.");
                return Err(raise("ValueError", message));
            }
            let value = key;
            let expr = match super::expression::node_of(&value) {
                Node::Value(value) => Expr::Param(super::save::cell_of(machine, field, &value)?),
                node => {
                    let before = query.tables.len();
                    let (expr, _) = query.expression(machine, &node)?;
                    if query.tables.iter().skip(before).any(|table| table.used) {
                        return Err(raise_field_error(
                            machine,
                            "Joined field references are not permitted in this query",
                        ));
                    }
                    expr
                }
            };
            set.push((field.column.clone(), expr));
        }
        let joined = query.tables.iter().skip(1).any(|table| table.used);
        let condition = if joined {
            // Rows that are found over relations are told by their keys.
            let key = model.key().map(|key| key.column.clone()).unwrap_or_default();
            let mut inner = self.copy();
            inner.query.order.clear();
            inner.query.ordered = true;
            let mut around = Query::new(query.world.clone(), query.model);
            let select = inner.select_inside(machine, &mut around)?;
            Some(Expr::InSelect(
                Box::new(Expr::column(&model.table, &key)),
                Box::new(select),
                crate::sql::Is::So,
            ))
        } else {
            (!query.condition.is_empty()).then(|| Expr::And(query.condition.clone()))
        };
        let update = crate::sql::Update { table: model.table.clone(), set, condition };
        let reply = self.send(machine, Writer::new(&STYLE).update(&update))?;
        Ok(Value::Int(i64::try_from(reply.affected).unwrap_or(i64::MAX)))
    }

    /// `dates("day", "month")`
    pub(super) fn dates(&self, machine: &mut Machine, args: Args) -> Outcome {
        let [field, kind, order] = args.bind("dates", ["field_name", "kind", "order"], 2)?;
        let text =
            |value: Option<Value>| value.as_ref().and_then(Value::as_str).map(Rc::<str>::from);
        let field = text(field).unwrap_or_default();
        let unit = match text(kind).as_deref() {
            Some("year") => "year",
            Some("month") => "month",
            Some("week") => "week",
            Some("day") => "day",
            _ => {
                return Err(raise(
                    "ValueError",
                    "'kind' must be one of 'year', 'month', 'week', or 'day'.",
                ));
            }
        };
        let descending = match text(order).as_deref() {
            None | Some("ASC") => false,
            Some("DESC") => true,
            Some(_) => return Err(raise("ValueError", "'order' must be either 'ASC' or 'DESC'.")),
        };
        let name: Rc<str> = "datefield".into();
        let mut set = self.copy();
        set.query.annotate(
            machine,
            name.clone(),
            &Node::Start(unit, Box::new(Node::Part("day of", Box::new(Node::F(field.clone()))))),
        )?;
        let there = Args {
            positional: Vec::new(),
            keywords: vec![(format!("{field}__isnull").into(), Value::Bool(false))],
        };
        let narrowed = set.narrowed(machine, there)?;
        let mut set = narrowed.copy();
        set.query.distinct = true;
        set.query.order = vec![super::expression::OrderItem {
            by: Node::F(name.clone()),
            descending,
            nulls: "",
            named: true,
        }];
        set.query.ordered = true;
        set.shape = super::queryset::Shape::Flat(name);
        Ok(Value::Object(Rc::new(set)))
    }

    /// What cannot be done to a combination of queries.
    pub(super) fn uncombined(&self, machine: &mut Machine, name: &str) -> Outcome<()> {
        let Some((op, _)) = self.combined.first() else { return Ok(()) };
        let op = match *op {
            "INTERSECT" => "intersection",
            "EXCEPT" => "difference",
            _ => "union",
        };
        let message = format!("Calling QuerySet.{name}() after {op}() is not supported.");
        Err(match super::class_of(machine, "django.db", "NotSupportedError") {
            Some(class) => machine.exception(&class, vec![Value::from(message)]),
            None => refuse(message),
        })
    }

    pub(super) fn combine(
        &self,
        machine: &mut Machine,
        op: &'static str,
        mut args: Args,
    ) -> Outcome {
        let all = match args.take("all") {
            Some(all) => machine.truth(&all)?,
            None => false,
        };
        let given = args.positional.iter().filter_map(|value| match value {
            Value::Object(object) => query_set(object),
            _ => None,
        });
        let mut others: Vec<Rc<Self>> = given.gather();
        let mut set = self.copy();
        // What `none()` made takes no part, or decides.
        match op {
            "UNION" if self.query.empty => {
                others.retain(|other| !other.query.empty);
                if others.is_empty() {
                    return Ok(Value::Object(Rc::new(set)));
                }
                set = others.remove(0).copy();
            }
            "INTERSECT" if !self.query.empty => {
                if let Some(none) = others.iter().find(|other| other.query.empty) {
                    return Ok(Value::Object(none.clone()));
                }
            }
            _ => others.retain(|other| !other.is_empty()),
        }
        let op = if all { "UNION ALL" } else { op };
        set.combined.extend(others.into_iter().map(|other| (op, other)));
        Ok(Value::Object(Rc::new(set)))
    }
}

/// Whether a name of a class is a property that can be set.
fn has_setter(class: &Class, name: &str) -> bool {
    match class.get(name) {
        Some(Value::Object(found)) => found
            .any()
            .downcast_ref::<crate::builtins::Property>()
            .is_some_and(|property| property.set.is_some()),
        _ => false,
    }
}

/// What a column holds of an instance: the field that its relation refers to.
pub(super) fn referred(
    world: &crate::world::World,
    model: &crate::world::Model,
    field: &crate::world::Field,
    value: &Value,
) -> Value {
    let Value::Instance(instance) = value else { return value.clone() };
    let to = model.relation(&field.name).and_then(|relation| relation.key.as_ref());
    match to.and_then(|key| instance.get(&key.to_field)) {
        Some(found) if world.model_of(&instance.class).is_some() => found,
        _ => super::query::plain(world, value),
    }
}
