//! One field of a model.

use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;

use super::custom::FieldClass;
use super::relation;
use crate::document::{ColumnSpec, ColumnType, Field, FieldKind, Name, RelationKind, Value};
use crate::orm::django::fields::{self, Shape};
use crate::python::Args;
use crate::python::{self, Scope};

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
    let args = Args {
        written: &written,
        positional: class.known.map_or(&[], |known| known.positional),
        presets: &class.presets,
    };
    let shape = class.known.map_or(Shape::Column, |known| known.shape);
    let kind = match shape {
        Shape::Column | Shape::Generated if class.no_column => FieldKind::Virtual,
        Shape::Column | Shape::Generated => {
            FieldKind::Column(column(call, class, &args, scope, source))
        }
        Shape::ForeignKey => relation::read(RelationKind::ForeignKey, call, &args, scope, source),
        Shape::OneToOne => relation::read(RelationKind::OneToOne, call, &args, scope, source),
        Shape::ManyToMany => relation::read(RelationKind::ManyToMany, call, &args, scope, source),
        Shape::Virtual | Shape::Composite => FieldKind::Virtual,
    };
    Field {
        name,
        class: class_name(call),
        base: class.known.map(|known| known.name),
        span: python::span(statement.range()),
        null: args.flag("null"),
        unique: args.flag("unique") || shape == Shape::OneToOne,
        primary_key: args.flag("primary_key") || shape == Shape::Composite,
        // A slug is indexed unless it says otherwise.
        index: args
            .boolean("db_index")
            .or_else(|| class.known.filter(|known| known.name == "SlugField").map(|_| true)),
        column: args.name("db_column"),
        default: default(&args, "default"),
        db_default: default(&args, "db_default"),
        comment: None,
        kind,
        args: written,
    }
}

/// `default=None` is a default, and not the same as none given.
fn default(args: &Args<'_>, name: &str) -> Option<Value> {
    args.value(name).or_else(|| args.get(name).map(|arg| &arg.value)).cloned()
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

fn column(
    call: &ExprCall,
    class: &FieldClass,
    args: &Args<'_>,
    scope: &Scope,
    source: &str,
) -> ColumnSpec {
    let known = class.known.map_or("", |known| known.name);
    let (ty, auto) = match class.known.map(|known| known.shape) {
        Some(Shape::Generated) => (generated_type(args), false),
        _ => fields::column_type(known, args)
            .unwrap_or_else(|| (ColumnType::Unknown(class_name(call).text), false)),
    };
    let generated = args
        .get("expression")
        .filter(|_| class.known.is_some_and(|known| known.shape == Shape::Generated));
    ColumnSpec {
        ty,
        auto,
        choices: args.value("choices").map(|value| choices(value, scope)).unwrap_or_default(),
        generated: generated.map(|arg| arg.value_span.text(source).to_owned()),
        native: class.native.clone(),
    }
}

/// The type of a generated column is that of its `output_field`.
fn generated_type(args: &Args<'_>) -> ColumnType {
    let unknown = || ColumnType::Unknown("GeneratedField".into());
    let Some(Value::Call { callee, args: inner }) = args.value("output_field") else {
        return unknown();
    };
    let class = callee.rsplit('.').next().unwrap_or(callee);
    let Some(known) = fields::known(class) else { return unknown() };
    let inner = Args { written: inner, positional: known.positional, presets: &[] };
    fields::column_type(known.name, &inner).map_or_else(unknown, |(ty, _)| ty)
}

/// Pairs of value and label from any spelling of `choices=`: pairs, groups of pairs, a mapping, an enumeration.
fn choices(value: &Value, scope: &Scope) -> Vec<(Value, Value)> {
    match value {
        Value::Name(path) => python::enum_attribute(&format!("{path}.choices"), scope)
            .map(|list| choices(&list, scope))
            .unwrap_or_default(),
        Value::List(items) => items
            .iter()
            .flat_map(|item| match item.as_list() {
                Some([_, Value::List(group)]) => choices(&Value::List(group.clone()), scope),
                Some([value, label]) => vec![(value.clone(), label.clone())],
                _ => Vec::new(),
            })
            .collect(),
        Value::Dict(entries) => entries
            .iter()
            .flat_map(|(key, value)| match value {
                Value::Dict(_) | Value::List(_) => choices(value, scope),
                label => vec![(key.clone(), label.clone())],
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The field names of `CompositePrimaryKey("a", "b")`.
pub(super) fn composite(field: &mut Field) -> Vec<Name> {
    let positional = field.args.iter().filter(|arg| arg.keyword.is_none());
    positional
        .filter_map(|arg| Some(Name { text: arg.value.as_str()?.to_owned(), span: arg.value_span }))
        .collect()
}
