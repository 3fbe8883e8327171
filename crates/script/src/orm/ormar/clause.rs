//! Conditions: `author__name__icontains=…`, `ormar.or_(…)`, and where their paths lead.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::exceptions::raise as raise_own;
use super::link::{Kind, Own, link};
use super::make::expand;
use super::state::key_of;
use crate::Machine;
use crate::eval::raise;
use crate::value::{Args, Class, Object, Outcome, Side, Value};
use crate::world::{Field, World};

/// Where a path leads.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The relations on the way, shortcuts to through models left out.
    pub(super) path: String,
    /// The path of the many-to-many whose through table is meant.
    pub(super) through: Option<String>,
    /// Whether ormar takes another alias than the join's: the table then stands beside the others.
    pub(super) stray: bool,
    pub(super) model: usize,
    pub(super) field: String,
}

impl Target {
    /// What tells its table from the others of a query.
    pub(super) fn table(&self) -> (String, bool) {
        match &self.through {
            Some(through) => (through.clone(), true),
            None if self.stray => (format!("{}!", self.path), false),
            None => (self.path.clone(), false),
        }
    }
}

/// Follows a path: `get_relationship_alias_model_and_str`.
pub(super) fn target(world: &World, model: usize, parts: &[&str]) -> Outcome<Target> {
    let (field, relations) = parts.split_last().map_or(("", parts), |(last, rest)| (*last, rest));
    let (mut at, mut path, mut through) = (model, Vec::new(), None);
    let (mut last, mut stray) = (None, false);
    for part in relations {
        let Some(step) = link(world, at, part) else { return Err(raise("KeyError", *part)) };
        if step.kind == Kind::Through {
            let there = last.filter(|last: &super::link::Link| {
                last.via.as_ref().is_some_and(|via| via.model == step.target)
            });
            let mut way: Vec<&str> = path.clone();
            if there.is_none() {
                way.push(&step.related);
            }
            through = Some(way.join("__"));
            last = None;
        } else {
            path.push(*part);
            through = None;
            stray = step.via.as_ref().is_some_and(|via| via.own == Own::Declared);
            last = Some(step.clone());
        }
        at = step.target;
    }
    Ok(Target { path: path.join("__"), through, stray, model: at, field: field.to_owned() })
}

/// The field that a path ends at.
pub(super) fn field_of<'a>(world: &'a World, target: &Target) -> Outcome<&'a Field> {
    let field = world.model(target.model).and_then(|model| {
        model
            .fields
            .iter()
            .find(|field| *field.name == *target.field || *field.column == *target.field)
    });
    field.ok_or_else(|| raise("KeyError", target.field.as_str()))
}

/// A condition of a query set.
#[derive(Clone)]
pub(super) enum Clause {
    /// `path__lookup=value`
    One(Action),
    /// `and_(…)`, `or_(…)`, `~…`
    Group(Vec<Clause>, Joined, bool),
}

/// How conditions are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joined {
    And,
    Or,
}

/// One comparison.
#[derive(Clone)]
pub(super) struct Action {
    pub(super) target: Target,
    pub(super) lookup: &'static str,
    pub(super) value: Value,
    pub(super) escaped: bool,
}

const LOOKUPS: &[&str] = &[
    "exact",
    "iexact",
    "contains",
    "icontains",
    "startswith",
    "istartswith",
    "endswith",
    "iendswith",
    "isnull",
    "in",
    "gt",
    "gte",
    "lt",
    "lte",
];

/// `path__lookup=value`, and the relation that it joins.
pub(super) fn action(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
    key: &str,
    value: &Value,
) -> Outcome<Action> {
    let mut parts: Vec<&str> = key.split("__").gather();
    let lookup = LOOKUPS.iter().find(|lookup| parts.len() > 1 && parts.last() == Some(*lookup));
    if lookup.is_some() {
        parts.pop();
    }
    let lookup = lookup.copied().unwrap_or("exact");
    let mut target = target(world, model, &parts)?;
    if target.field == "pk"
        && parts.len() == 1
        && let Some(key) = world.model(target.model).and_then(|model| model.key())
    {
        target.field = key.name.to_string();
    }
    let pattern = matches!(
        lookup,
        "contains" | "icontains" | "startswith" | "istartswith" | "endswith" | "iendswith"
    );
    if !pattern {
        return Ok(Action { target, lookup, value: value.clone(), escaped: false });
    }
    if let Value::Instance(instance) = value
        && world.model_of(&instance.class).is_some()
    {
        return Err(raise_own(
            machine,
            "QueryDefinitionError",
            "You cannot use contains and icontains with instance of the Model",
        ));
    }
    let text = machine.str(value)?;
    let escaped = matches!(value, Value::Str(_)) && text.contains(['%', '_']);
    let text =
        if escaped { text.replace('%', "\\%").replace('_', "\\_") } else { text.to_string() };
    let before = if lookup.contains("start") { "" } else { "%" };
    let after = if lookup.contains("end") { "" } else { "%" };
    let value = Value::from(format!("{before}{text}{after}"));
    Ok(Action { target, lookup, value, escaped })
}

/// The key of a related instance, where one stands for it.
pub(super) fn plain(world: &World, value: &Value) -> Value {
    match value {
        Value::Instance(instance) if world.model_of(&instance.class).is_some() => {
            key_of(world, instance)
        }
        other => other.clone(),
    }
}

/// `ormar.or_(…)` before it meets a query set.
pub(super) struct Group {
    pub(super) nested: Vec<Rc<Group>>,
    pub(super) keywords: Vec<(Rc<str>, Value)>,
    pub(super) joined: Joined,
    pub(super) negated: bool,
}

impl Group {
    /// One comparison in parentheses.
    pub(super) fn one(key: String, value: Value) -> Value {
        Value::Object(Rc::new(Self {
            nested: Vec::new(),
            keywords: vec![(key.into(), value)],
            joined: Joined::And,
            negated: false,
        }))
    }

    /// Its conditions, and the relations that they join.
    pub(super) fn resolve(
        &self,
        machine: &mut Machine,
        world: &Rc<World>,
        model: usize,
        related: &mut Vec<String>,
    ) -> Outcome<Clause> {
        let mut own = Vec::new();
        for (key, value) in &self.keywords {
            let action = action(machine, world, model, key, value)?;
            join(related, &action.target);
            own.push(Clause::One(action));
        }
        let mut all = Vec::new();
        for group in &self.nested {
            all.push(group.resolve(machine, world, model, related)?);
        }
        all.extend(own);
        Ok(Clause::Group(all, self.joined, self.negated))
    }
}

/// Joins the relation of a condition, unless a longer path does so already.
pub(super) fn join(related: &mut Vec<String>, target: &Target) {
    if !target.path.is_empty() && !related.iter().any(|known| known.starts_with(&target.path)) {
        related.push(target.path.clone());
    }
}

/// The group that a value is.
pub(super) fn group(value: &Value) -> Option<Rc<Group>> {
    let Value::Object(object) = value else { return None };
    let group = object.any().downcast_ref::<Group>()?;
    Some(Rc::new(Group {
        nested: group.nested.clone(),
        keywords: group.keywords.clone(),
        joined: group.joined,
        negated: group.negated,
    }))
}

fn constructor(name: &'static str, joined: Joined) -> (&'static str, Value) {
    let make = move |_: &mut Machine, args: Args| {
        Ok(Value::Object(Rc::new(Group {
            nested: args.positional.iter().filter_map(group).gather(),
            keywords: args.keywords,
            joined,
            negated: false,
        })))
    };
    (name, Value::native(name, make))
}

/// `ormar.and_`, `ormar.or_`
pub(super) fn constructors() -> [(&'static str, Value); 2] {
    [constructor("and_", Joined::And), constructor("or_", Joined::Or)]
}

impl Object for Group {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("FilterGroup", "ormar.queryset.clause", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn operate(
        self: Rc<Self>,
        _: &mut Machine,
        op: &'static str,
        other: &Value,
        side: Side,
    ) -> Outcome<Option<Value>> {
        let joined = match op {
            "&" => Joined::And,
            "|" => Joined::Or,
            _ => return Ok(None),
        };
        let (Some(other), Side::Left) = (group(other), side) else { return Ok(None) };
        Ok(Some(Value::Object(Rc::new(Self {
            nested: vec![self, other],
            keywords: Vec::new(),
            joined,
            negated: false,
        }))))
    }

    fn unary(self: Rc<Self>, _: &mut Machine, op: &'static str) -> Outcome<Option<Value>> {
        if op != "~" {
            return Ok(None);
        }
        Ok(Some(Value::Object(Rc::new(Self {
            nested: self.nested.clone(),
            keywords: self.keywords.clone(),
            joined: self.joined,
            negated: !self.negated,
        }))))
    }
}

/// What an `update` sets a column to.
pub(super) fn assigned(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
    name: &str,
    value: &Value,
) -> Outcome {
    match link(world, model, name) {
        Some(relation) if relation.kind == Kind::Key => {
            let found = expand(machine, world, &relation, value)?;
            Ok(found.first().map_or(Value::None, |target| key_of(world, target)))
        }
        _ => Ok(value.clone()),
    }
}
