//! One field of a model.

use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;

use super::{known_at, ormar_name};
use crate::document::{
    Argument, ColumnSpec, ColumnType, Field, FieldKind, Name, RelationKind, RelationSpec, Target,
    TargetForm, Value,
};
use crate::orm::ormar::fields::{self, Known, Shape, boolean, value};
use crate::python::{self, Bound, Scope};

/// The field class behind a dotted path: `None` where it is none, `Some(None)` for one that is not known.
pub(super) fn class_at(path: &str, scope: &Scope) -> Option<Option<&'static Known>> {
    below(path, scope, 0)
}

fn below(path: &str, scope: &Scope, depth: usize) -> Option<Option<&'static Known>> {
    match scope.lookup(path) {
        Some(Bound::Class(class)) if depth < 16 => {
            class.bases.iter().find_map(|base| below(base, scope, depth + 1))
        }
        Some(Bound::Path(path)) => elsewhere(&path),
        Some(Bound::Class(_) | Bound::Value(_) | Bound::Opaque) => None,
        // Nothing binds it: a half-typed import, or `from … import *`. ormar's own names are taken at their word.
        None => elsewhere(path).filter(Option::is_some).or_else(|| fields::known(path).map(Some)),
    }
}

fn elsewhere(path: &str) -> Option<Option<&'static Known>> {
    if let Some(known) = known_at(path) {
        return Some(Some(known));
    }
    let last = path.rsplit('.').next().unwrap_or(path);
    let capital = last.starts_with(char::is_uppercase);
    // `ormar.Varchar`, and field classes of other packages. What pydantic declares is no column.
    match ormar_name(path) {
        Some(_) if capital && !NO_FIELDS.contains(&last) => Some(None),
        Some(_) => None,
        None => (last.ends_with("Field") && last != "Field" && !path.starts_with("pydantic"))
            .then_some(None),
    }
}

/// Classes of the package `ormar` that make no field.
const NO_FIELDS: &[&str] = &[
    "OrmarConfig",
    "DatabaseConnection",
    "Model",
    "ModelMeta",
    "QuerySet",
    "QuerysetProxy",
    "Signal",
    "UniqueColumns",
    "IndexColumns",
    "CheckColumns",
    "ReferentialAction",
    "EncryptBackends",
    "Extra",
    "Undefined",
];

/// Reads a field from its call.
pub(super) fn read(
    name: Name,
    statement: &Stmt,
    call: &ExprCall,
    known: Option<&'static Known>,
    scope: &Scope,
    source: &str,
) -> Field {
    let args = python::arguments(&call.arguments, scope, source);
    let class = class_name(call);
    let given = |name: &str| value(None, &args, name).cloned();
    let primary_key = boolean(&args, "primary_key").unwrap_or(false);
    let shape = known.map_or(Shape::Column, |known| known.shape);
    let numbered = known.is_some_and(|known| fields::is_integer(known.name));
    let auto = primary_key && boolean(&args, "autoincrement").unwrap_or(numbered);
    let null = match shape {
        Shape::Column => {
            let nullable = boolean(&args, "nullable")
                .unwrap_or_else(|| given("default").is_some() || given("server_default").is_some());
            !primary_key && boolean(&args, "sql_nullable").unwrap_or(nullable)
        }
        Shape::ForeignKey => {
            boolean(&args, "sql_nullable").unwrap_or_else(|| boolean_or(&args, "nullable", true))
        }
        Shape::ManyToMany => boolean_or(&args, "nullable", true),
    };
    let kind = match shape {
        Shape::Column => FieldKind::Column(column(known, &class, &args, auto, scope)),
        Shape::ForeignKey => relation(RelationKind::ForeignKey, known, call, &args, scope, source),
        Shape::ManyToMany => relation(RelationKind::ManyToMany, known, call, &args, scope, source),
    };
    Field {
        name,
        class,
        base: known.map(|known| known.name),
        span: python::span(statement.range()),
        null,
        unique: boolean(&args, "unique").unwrap_or(false),
        primary_key,
        index: boolean(&args, "index"),
        column: named(&args, "name"),
        default: given("default"),
        db_default: given("server_default"),
        comment: given("comment").and_then(|value| value.as_str().map(str::to_owned)),
        kind,
        args,
    }
}

/// A boolean whose `None` counts as false, as where Python only asks for its truth.
fn boolean_or(args: &[Argument], name: &str, default: bool) -> bool {
    fields::argument(None, args, name)
        .map_or(default, |arg| fields::truth(&arg.value).unwrap_or(default))
}

fn named(args: &[Argument], name: &str) -> Option<Name> {
    let arg = fields::argument(None, args, name)?;
    Some(Name { text: arg.value.as_str()?.to_owned(), span: arg.value_span })
}

/// The field class as it is written: its last segment.
fn class_name(call: &ExprCall) -> Name {
    match &*call.func {
        Expr::Attribute(attribute) => python::name(&attribute.attr),
        other => Name {
            text: python::dotted(other).unwrap_or_default(),
            span: python::span(other.range()),
        },
    }
}

fn column(
    known: Option<&'static Known>,
    class: &Name,
    args: &[Argument],
    auto: bool,
    scope: &Scope,
) -> ColumnSpec {
    let unknown = || ColumnType::Unknown(class.text.clone());
    let mut choices = Vec::new();
    let ty = match known.map(|known| known.name) {
        Some("Enum") => {
            let members = members(args, scope);
            let longest = members.iter().map(|(name, _)| name.chars().count()).max();
            choices = members
                .into_iter()
                .map(|(name, _)| (Value::Str(name.clone()), Value::Str(name)))
                .collect();
            // SQLAlchemy keeps the names of the members, not their values.
            longest
                .and_then(|longest| u32::try_from(longest).ok())
                .map_or_else(unknown, |longest| ColumnType::Varchar(Some(longest)))
        }
        Some(name) => fields::column_type(name, args).unwrap_or_else(unknown),
        None => unknown(),
    };
    let encrypted = value(None, args, "encrypt_backend")
        .is_some_and(|backend| backend.as_name() != Some("NONE"));
    let native = match (&ty, encrypted) {
        (_, true) => Some("TEXT".to_owned()),
        (ColumnType::Uuid, false) => {
            let text = value(None, args, "uuid_format").and_then(Value::as_str) == Some("string");
            Some(if text { "CHAR(36)" } else { "CHAR(32)" }.to_owned())
        }
        _ => None,
    };
    ColumnSpec { ty, auto, choices, generated: None, native }
}

/// The members of an `enum_class`, where it stands in the file.
fn members(args: &[Argument], scope: &Scope) -> Vec<(String, Value)> {
    let Some(Value::Name(path)) = value(None, args, "enum_class") else { return Vec::new() };
    let part = |what: &str| match python::enum_attribute(&format!("{path}.{what}"), scope) {
        Some(Value::List(items)) => items,
        _ => Vec::new(),
    };
    let name = |value: Value| if let Value::Str(text) = value { text } else { String::new() };
    part("names").into_iter().map(name).zip(part("values")).collect()
}

fn relation(
    kind: RelationKind,
    known: Option<&'static Known>,
    call: &ExprCall,
    args: &[Argument],
    scope: &Scope,
    source: &str,
) -> FieldKind {
    let expression = |name: &str, at: usize| match call.arguments.find_argument_value(name, at) {
        Some(expr) if !matches!(expr, Expr::Starred(_)) => Some(expr),
        _ => None,
    };
    let many = kind == RelationKind::ManyToMany;
    let model = |name: &str, at: usize| {
        fields::argument(known, args, name)?;
        target(expression(name, at)?, scope, source)
    };
    FieldKind::Relation(Box::new(RelationSpec {
        kind,
        target: model("to", 0),
        related_name: named(args, "related_name"),
        related_query_name: None,
        on_delete: if many { None } else { action(args, "ondelete") },
        on_update: if many { None } else { action(args, "onupdate") },
        to_field: None,
        through: if many { model("through", 1) } else { None },
        through_fields: None,
        through_table: None,
        through_columns: (
            named(args, "through_relation_name"),
            named(args, "through_reverse_relation_name"),
        ),
        symmetrical: None,
        constraint: true,
        skip_reverse: boolean(args, "skip_reverse").unwrap_or(false),
        parent_link: false,
    }))
}

/// A referential action: a string in any case, or a member of `ReferentialAction`.
fn action(args: &[Argument], name: &str) -> Option<Name> {
    let arg = fields::argument(None, args, name).filter(|arg| arg.value != Value::None)?;
    let text = match &arg.value {
        Value::Str(text) if text.eq_ignore_ascii_case("no action") => "DO_NOTHING".to_owned(),
        Value::Str(text) => text.to_uppercase().replace(' ', "_"),
        other => other.as_name().unwrap_or_default().to_owned(),
    };
    Some(Name { text, span: arg.value_span })
}

/// The model that an expression names: a class, or a `ForwardRef`, whose place is that of the string inside.
fn target(expr: &Expr, scope: &Scope, source: &str) -> Option<Target> {
    let span = python::span(expr.range());
    match python::eval(expr, scope, source) {
        Value::Str(text) => Some(Target { text, form: TargetForm::Text, span, path: None }),
        Value::Call { callee, args } if callee.rsplit('.').next() == Some("ForwardRef") => {
            let name = fields::argument(None, &args, "arg")
                .or_else(|| args.first().filter(|arg| arg.keyword.is_none()))?;
            let text = name.value.as_str()?.to_owned();
            Some(Target { text, form: TargetForm::Text, span: name.value_span, path: None })
        }
        Value::Name(path) => {
            let text = python::dotted(expr).unwrap_or_else(|| path.clone());
            let path = (path != text).then_some(path);
            Some(Target { text, form: TargetForm::Class, span, path })
        }
        _ => None,
    }
}
