//! One field of a model.

use ruff_python_ast::Expr;
use ruff_text_size::Ranged;

use super::custom::FieldClass;
use crate::document::{
    Argument, ColumnSpec, ColumnType, Field, FieldKind, Name, RelationKind, RelationSpec, Span,
    Target, TargetForm, Value,
};
use crate::orm::peewee::fields::{self, Shape};
use crate::orm::peewee::{ddl, fields::truth};
use crate::python::{self, Args};

/// The call that makes a field.
pub(super) struct Call {
    /// The class's name as written, its last segment.
    pub(super) class: Name,
    /// Its arguments.
    pub(super) args: Vec<Argument>,
}

/// Reads a field from its call.
pub(super) fn read(
    name: Name,
    statement: Span,
    call: Call,
    class: &FieldClass,
    source: &str,
) -> Field {
    let args = Args {
        written: &call.args,
        positional: class.known.map_or(&[], |known| known.positional),
        presets: &class.presets,
    };
    let flag = |keyword: &str| args.value(keyword).is_some_and(truth);
    let shape = class.known.map_or(Shape::Column, |known| known.shape);
    let kind = match shape {
        Shape::Column => FieldKind::Column(column(&call.class, class, &args)),
        Shape::ForeignKey | Shape::Deferred | Shape::ManyToMany => {
            FieldKind::Relation(Box::new(relation(shape, &args, source)))
        }
        Shape::Virtual => FieldKind::Virtual,
    };
    let auto = class.known.is_some_and(fields::is_auto);
    let has_column = matches!(shape, Shape::Column | Shape::ForeignKey | Shape::Deferred);
    Field {
        name,
        base: class.known.map(|known| known.name),
        span: statement,
        null: has_column && flag("null"),
        unique: has_column && flag("unique"),
        primary_key: has_column && (auto || flag("primary_key")),
        index: args.value("index").map(truth),
        column: args.name("column_name").or_else(|| args.name("db_column")),
        default: args.get("default").map(|arg| arg.value.clone()),
        db_default: None,
        comment: None,
        kind,
        class: call.class,
        args: call.args,
    }
}

/// The field class as it is written: its last segment.
pub(super) fn class_name(callee: &Expr) -> Name {
    let inner = match callee {
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

fn column(written: &Name, class: &FieldClass, args: &Args<'_>) -> ColumnSpec {
    let (ty, native) = match class.known {
        Some(known) => {
            let (ty, native) = fields::column_type(known, &class.name, args);
            let modifiers = native.find('(').and_then(|at| native.get(at..)).unwrap_or_default();
            let native = match &class.native {
                Some(own) => format!("{own}{modifiers}"),
                None => native,
            };
            // A class of the file is to Peewee no more than the column that it makes.
            let of_the_file = class.name != known.name && fields::known(&class.name).is_none();
            let odd = matches!(ty, ColumnType::Unknown(_)) || class.native.is_some();
            let unknown = || ColumnType::Unknown(written.text.clone());
            let ty =
                if of_the_file || odd { ddl::type_of(&native).unwrap_or_else(unknown) } else { ty };
            (ty, Some(native))
        }
        None => (ColumnType::Unknown(written.text.clone()), class.native.clone()),
    };
    ColumnSpec {
        ty,
        auto: class.known.is_some_and(fields::is_auto),
        choices: args.value("choices").map(choices).unwrap_or_default(),
        generated: None,
        native,
    }
}

/// Pairs of value and label. Peewee keeps them for forms and never looks at them itself.
fn choices(value: &Value) -> Vec<(Value, Value)> {
    let items = value.as_list().unwrap_or_default();
    items
        .iter()
        .filter_map(|item| match item.as_list()? {
            [value, label] => Some((value.clone(), label.clone())),
            _ => None,
        })
        .collect()
}

fn relation(shape: Shape, args: &Args<'_>, source: &str) -> RelationSpec {
    let kind = match shape {
        Shape::ManyToMany => RelationKind::ManyToMany,
        _ if args.value("unique").is_some_and(truth) => RelationKind::OneToOne,
        _ => RelationKind::ForeignKey,
    };
    let model = match shape {
        Shape::Deferred => args.get("rel_model_name"),
        _ => args.get("rel_model").or_else(|| args.get("model")),
    };
    let action = |keyword: &str| {
        args.value(keyword).filter(|value| truth(value)).map(|value| Name {
            text: fields::text(value).to_uppercase().replace(' ', "_"),
            span: args.get(keyword).map(|arg| arg.value_span).unwrap_or_default(),
        })
    };
    RelationSpec {
        kind,
        target: model.and_then(|arg| target(arg, source)),
        related_name: args.name("related_name").or_else(|| args.name("backref")),
        related_query_name: None,
        on_delete: action("on_delete"),
        on_update: action("on_update"),
        to_field: args.get("to_field").or_else(|| args.get("field")).and_then(to_field),
        through: args.get("through_model").and_then(|arg| target(arg, source)),
        through_fields: None,
        through_table: None,
        through_columns: (None, None),
        symmetrical: None,
        constraint: shape != Shape::Deferred,
        skip_reverse: false,
        parent_link: false,
    }
}

/// `field="username"` or `field=User.username`.
fn to_field(arg: &Argument) -> Option<Name> {
    let text = match &arg.value {
        Value::Str(text) => text.clone(),
        Value::Name(path) => path.rsplit('.').next()?.to_owned(),
        _ => return None,
    };
    Some(Name { text, span: arg.value_span })
}

/// The model that an argument names: a class or a string; an object that stands for a through model that comes later.
fn target(arg: &Argument, source: &str) -> Option<Target> {
    let span = arg.value_span;
    let written = span.text(source).trim();
    match &arg.value {
        Value::Str(text) => {
            let form = if text == "self" { TargetForm::Itself } else { TargetForm::Text };
            Some(Target { text: text.clone(), form, span, path: None })
        }
        Value::Name(path) => {
            let plain = !written.is_empty()
                && written.chars().all(|c| c == '_' || c == '.' || c.is_alphanumeric());
            let text = if plain { written.to_owned() } else { path.clone() };
            let path = (*path != text).then(|| path.clone());
            Some(Target { text, form: TargetForm::Class, span, path })
        }
        Value::Call { callee, .. } => Some(Target {
            text: written.to_owned(),
            form: TargetForm::Class,
            span,
            path: Some(callee.clone()),
        }),
        Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Number(_)
        | Value::List(_)
        | Value::Dict(_)
        | Value::Other(_) => None,
    }
}
