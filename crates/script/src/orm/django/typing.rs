//! Which field class an expression gives, and where Django cannot tell.
//!
//! Follows `BaseExpression._resolve_output_field` and `_resolve_combined_type` of Django 5.2. Where this gives nothing, nothing is known, and nothing is wrong.

use std::rc::Rc;

use throughline_core::document::ColumnType;

use super::expression::Node;
use super::query::{Query, field_of, follow};
use super::raise_field_error;
use crate::Machine;
use crate::value::{Outcome, Value};
use crate::world::{Field, Model, World};

/// Field classes and what each derives from.
const PARENTS: &[(&str, &str)] = &[
    ("AutoField", "IntegerField"),
    ("BigAutoField", "BigIntegerField"),
    ("SmallAutoField", "SmallIntegerField"),
    ("BigIntegerField", "IntegerField"),
    ("SmallIntegerField", "IntegerField"),
    ("PositiveIntegerField", "IntegerField"),
    ("PositiveBigIntegerField", "BigIntegerField"),
    ("PositiveSmallIntegerField", "SmallIntegerField"),
    ("DateTimeField", "DateField"),
    ("EmailField", "CharField"),
    ("SlugField", "CharField"),
    ("URLField", "CharField"),
    ("ImageField", "FileField"),
];

/// Functions that give what their arguments agree on.
const AGREEING: &[&str] = &["Coalesce", "NullIf", "Greatest", "Least", "Replace"];

fn is_a(class: &str, base: &str) -> bool {
    class == base
        || PARENTS.iter().find(|(name, _)| *name == class).is_some_and(|(_, up)| is_a(up, base))
}

/// The field class of an expression.
///
/// # Errors
/// `FieldError` where Django asks for `output_field`.
pub(super) fn class(machine: &mut Machine, query: &Query, node: &Node) -> Outcome<Option<Rc<str>>> {
    let known = |name: &str| Ok(Some(Rc::<str>::from(name)));
    match node {
        Node::F(path) => Ok(of_path(query, path)),
        Node::Value(value) => Ok(of_value(value).map(Into::into)),
        Node::Aggregate { name: "COUNT", .. } => known("IntegerField"),
        Node::Typed(_, ty) => Ok(of_type(ty).map(Into::into)),
        Node::Aggregate { name, of, .. } => {
            let of = class(machine, query, of)?;
            Ok(match of {
                Some(of) if *name == "AVG" && is_a(&of, "IntegerField") => {
                    Some("FloatField".into())
                }
                of => of,
            })
        }
        // Pairs from the right.
        Node::Function { name: "Concat", args } => match args.split_first() {
            Some((first, rest)) if rest.len() > 1 => {
                let rest = Node::Function { name: "Concat", args: rest.to_vec() };
                class(machine, query, &rest)?;
                agreed(machine, query, [first, &rest].into_iter())
            }
            _ => agreed(machine, query, args.iter()),
        },
        Node::Function { name: super::expression::FILLED, args } => match args.first() {
            Some(of) => class(machine, query, of),
            None => Ok(None),
        },
        Node::Function { name, args } if AGREEING.contains(name) => {
            agreed(machine, query, args.iter())
        }
        Node::Named(_, args) => agreed(machine, query, args.iter()),
        Node::Case(whens, default) => {
            let results = whens.iter().map(|(_, then)| then);
            agreed(machine, query, results.chain(default.as_deref()))
        }
        Node::Combined(op, left, right) => {
            let left = class(machine, query, left)?;
            let right = class(machine, query, right)?;
            let is_unknown = |side: &Option<Rc<str>>, node: &Node| {
                side.is_none() && !matches!(node, Node::Value(Value::None))
            };
            let Node::Combined(_, first, second) = node else { return Ok(None) };
            if is_unknown(&left, first) || is_unknown(&right, second) {
                return Ok(None);
            }
            let found = combined(op, left.as_deref(), right.as_deref());
            if let Some(found) = found {
                return Ok(Some(found.into()));
            }
            let shown = |side: Option<Rc<str>>| side.unwrap_or_else(|| "NoneType".into());
            let message = format!(
                "Cannot infer type of '{op}' expression involving these types: {}, {}. You must set output_field.",
                shown(left),
                shown(right)
            );
            Err(raise_field_error(machine, &message))
        }
        Node::Function { name: "Length" | "StrIndex" | "Ord", .. } | Node::Part(..) => {
            known("IntegerField")
        }
        Node::Function {
            name: "Lower" | "Upper" | "Trim" | "LTrim" | "RTrim" | "Reverse" | "Abs" | "Round",
            args,
        } => match args.first() {
            Some(of) => class(machine, query, of),
            None => Ok(None),
        },
        Node::Function {
            name: "Left" | "Right" | "Substr" | "LPad" | "RPad" | "Repeat", ..
        } => known("CharField"),
        Node::Exists(..) | Node::Holds(_) | Node::Compare(..) => known("BooleanField"),
        Node::Ordered(of, ..) => class(machine, query, of),
        Node::OuterRef(..)
        | Node::Function { .. }
        | Node::When(..)
        | Node::Subquery(_)
        | Node::Cast(..)
        | Node::Start(..)
        | Node::Window(..) => Ok(None),
    }
}

/// The class that all agree on: that of the first, which the others must be a base of.
fn agreed<'n>(
    machine: &mut Machine,
    query: &Query,
    nodes: impl Iterator<Item = &'n Node>,
) -> Outcome<Option<Rc<str>>> {
    let mut first: Option<Rc<str>> = None;
    for node in nodes {
        let Some(next) = class(machine, query, node)? else { continue };
        match &first {
            None => first = Some(next),
            Some(first) if is_a(first, &next) => {}
            Some(first) => {
                let message = format!(
                    "Expression contains mixed types: {first}, {next}. You must set output_field."
                );
                return Err(raise_field_error(machine, &message));
            }
        }
    }
    Ok(first)
}

fn of_value(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Str(_) => "CharField",
        Value::Bool(_) => "BooleanField",
        Value::Int(_) => "IntegerField",
        Value::Float(_) => "FloatField",
        Value::DateTime(..) => "DateTimeField",
        Value::Date(_) => "DateField",
        Value::Time(_) => "TimeField",
        Value::Delta(_) => "DurationField",
        Value::Decimal(_) => "DecimalField",
        Value::Bytes(_) => "BinaryField",
        Value::Uuid(_) => "UUIDField",
        _ => return None,
    })
}

/// What a field's class is called; a relation's is that of the key that it refers to.
fn of_field(world: &World, model: &Model, field: &Field) -> Option<Rc<str>> {
    if field.relation {
        let relation = model.relations.iter().find(|relation| relation.name == field.name)?;
        let target = world.named(&relation.target)?;
        let to = target.field(&relation.key.as_ref()?.to_field)?;
        return if to.relation { None } else { of_field(world, target, to) };
    }
    match &field.declared {
        Some(declared) => declared.class.text.rsplit('.').next().map(Into::into),
        None => Some("BigAutoField".into()),
    }
}

pub(super) fn of_path(query: &Query, path: &str) -> Option<Rc<str>> {
    if let Some(known) = query.annotations.iter().find(|known| *known.name == *path) {
        return known.class.clone();
    }
    let world = &query.world;
    let mut model = query.model()?;
    let mut parts = path.split("__").peekable();
    while let Some(part) = parts.next() {
        let key = model.key().map(|key| key.name.clone());
        let part = if part == "pk" { key.as_deref().unwrap_or(part) } else { part };
        if let (Some((owner, field)), None) = (field_of(world, &model, part), parts.peek()) {
            let owner = owner.and_then(|owner| world.named(&owner)).unwrap_or(&model);
            return of_field(world, owner, field);
        }
        model = follow(world, &model, part)?;
    }
    model.key().and_then(|key| of_field(world, &model, key))
}

/// The field class that stands for a type.
fn of_type(ty: &ColumnType) -> Option<&'static str> {
    Some(match ty {
        ColumnType::Integer => "IntegerField",
        ColumnType::Float => "FloatField",
        ColumnType::Decimal(_) => "DecimalField",
        ColumnType::Text => "CharField",
        ColumnType::Boolean => "BooleanField",
        ColumnType::Date => "DateField",
        ColumnType::DateTime => "DateTimeField",
        _ => return None,
    })
}

/// What an operation gives on two field classes; `None` where Django does not know.
fn combined(op: &str, left: Option<&str>, right: Option<&str>) -> Option<&'static str> {
    let (left_is, right_is) = (
        |base: &str| left.is_some_and(|class| is_a(class, base)),
        |base: &str| right.is_some_and(|class| is_a(class, base)),
    );
    if ["&", "|", "#", "<<", ">>"].contains(&op) {
        return (left_is("IntegerField") && right_is("IntegerField")).then_some("IntegerField");
    }
    let both = |a: &str, b: &str| left_is(a) && right_is(b);
    if ["+", "-", "*", "/", "%%", "%", "^"].contains(&op) {
        for number in ["IntegerField", "FloatField", "DecimalField"] {
            let one_is_null =
                left.is_none() && right_is(number) || right.is_none() && left_is(number);
            if both(number, number) || one_is_null {
                return Some(number);
            }
        }
    }
    if ["+", "-", "*", "/", "%%", "%"].contains(&op) {
        for number in ["DecimalField", "FloatField"] {
            if both("IntegerField", number) || both(number, "IntegerField") {
                return Some(number);
            }
        }
    }
    match op {
        "+" if both("DateField", "DurationField") || both("DurationField", "DateField") => {
            Some("DateTimeField")
        }
        "+" | "-" if both("DurationField", "DurationField") => Some("DurationField"),
        "+" | "-" if both("TimeField", "DurationField") => Some("TimeField"),
        "+" if both("DurationField", "TimeField") => Some("TimeField"),
        "-" if both("DateField", "DurationField") => Some("DateTimeField"),
        "-" if both("DateField", "DateField") || both("TimeField", "TimeField") => {
            Some("DurationField")
        }
        _ => None,
    }
}
