//! One field of a model.

use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;

use super::custom::FieldClass;
use super::{comment, relation};
use crate::document::{ColumnSpec, ColumnType, Field, FieldKind, Name, RelationKind, Value};
use crate::orm::tortoise::fields::{self, Known, Shape};
use crate::python::{self, Args, Scope, truth};

/// Reads a field from its call.
pub(super) fn read(
    name: Name,
    statement: &Stmt,
    call: &ExprCall,
    class: &FieldClass,
    scope: &Scope,
    source: &str,
) -> Field {
    let written = python::arguments(&call.arguments, scope, source);
    let args = Args { written: &written, positional: positional(class), presets: &class.presets };
    let shape = class.known.map_or(Shape::Column, |known| known.shape);
    let kind = match shape {
        Shape::Column => FieldKind::Column(column(call, class, &args, scope)),
        Shape::ForeignKey => relation::read(RelationKind::ForeignKey, call, &args, scope),
        Shape::OneToOne => relation::read(RelationKind::OneToOne, call, &args, scope),
        Shape::ManyToMany => relation::read(RelationKind::ManyToMany, call, &args, scope),
    };
    let flag = |name| args.value(name).and_then(truth) == Some(true);
    let primary_key = flag("primary_key") || flag("pk");
    Field {
        class: class_name(call),
        base: class.known.map(|known| known.name),
        span: python::span(statement.range()),
        null: flag("null"),
        // For a many-to-many it is about pairs.
        unique: shape == Shape::OneToOne
            || (shape != Shape::ManyToMany && (flag("unique") || primary_key)),
        primary_key,
        index: args.value("db_index").or_else(|| args.value("index")).and_then(truth),
        column: args.name("source_field").filter(|column| !column.text.is_empty()),
        default: args
            .get("default")
            .map(|arg| arg.value.clone())
            .or_else(|| args.value("default").cloned()),
        db_default: args
            .get("db_default")
            .map(|arg| arg.value.clone())
            .or_else(|| args.value("db_default").cloned()),
        comment: comment::of_field(name.span.start, &args, class.known, &kind, source),
        kind,
        name,
        args: written,
    }
}

/// What the positional arguments are. Those of a class of the file are only known where Tortoise has the same.
fn positional(class: &FieldClass) -> &'static [&'static str] {
    let known = class.known.map_or(&[][..], |known| known.positional);
    match &class.parameters {
        None => known,
        // A class of the file names its own; of these only the leading ones that Tortoise has, too, mean the same.
        Some(parameters) => {
            let same = known.iter().zip(parameters).take_while(|(own, theirs)| *own == theirs);
            known.get(..same.count()).unwrap_or_default()
        }
    }
}

/// The field class as it is written: its last segment.
fn class_name(call: &ExprCall) -> Name {
    let inner = match &*call.func {
        Expr::Subscript(subscript) => &*subscript.value,
        plain => plain,
    };
    match inner {
        Expr::Attribute(attribute) => python::name(&attribute.attr),
        other => {
            let span = python::span(other.range());
            Name { text: python::dotted(other).unwrap_or_default(), span }
        }
    }
}

fn column(call: &ExprCall, class: &FieldClass, args: &Args<'_>, scope: &Scope) -> ColumnSpec {
    let known = class.known.map_or("", |known| known.name);
    let choices = choices(known, args, scope);
    let ty = fields::column_type(known, args, &choices);
    let key = |name| args.value(name).and_then(truth) == Some(true);
    let generated = match args.value("generated") {
        Some(value) => truth(value) == Some(true),
        None => class.known.is_some_and(|known| known.generates) && args.get("generated").is_none(),
    };
    // The word of a class of the file's own is that of the database.
    let native = class
        .native
        .clone()
        .or_else(|| contrib_type(class.known, args))
        .or_else(|| ty.as_ref().filter(|_| class.derived).map(fields::sqlite_type));
    ColumnSpec {
        auto: generated && (key("primary_key") || key("pk")),
        ty: ty.unwrap_or_else(|| ColumnType::Unknown(class_name(call).text)),
        choices,
        generated: None,
        native,
    }
}

/// Types of `tortoise.contrib`, which only other databases know.
fn contrib_type(known: Option<&Known>, args: &Args<'_>) -> Option<String> {
    match known?.name {
        "ArrayField" => {
            let element = args.value("element_type").and_then(Value::as_str).unwrap_or("int");
            Some(format!("{}[]", element.to_uppercase()))
        }
        "TSVectorField" => Some("TSVECTOR".into()),
        "GeometryField" => Some("GEOMETRY".into()),
        // It has no `SQL_TYPE`, which is written all the same.
        "Field" => Some("None".into()),
        _ => None,
    }
}

/// The members of the enumeration that a field takes its values from, as value and name; equal values are one member.
fn choices(known: &str, args: &Args<'_>, scope: &Scope) -> Vec<(Value, Value)> {
    if known != "IntEnumField" && known != "CharEnumField" {
        return Vec::new();
    }
    let Some(Value::Name(path)) = args.value("enum_type") else { return Vec::new() };
    let list = |what: &str| match python::enum_attribute(&format!("{path}.{what}"), scope) {
        Some(Value::List(items)) => items,
        _ => Vec::new(),
    };
    let mut out: Vec<(Value, Value)> = Vec::new();
    for (value, name) in list("values").into_iter().zip(list("names")) {
        if !out.iter().any(|(known, _)| *known == value) {
            out.push((value, name));
        }
    }
    out
}
