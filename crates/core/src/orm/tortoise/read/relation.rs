//! The arguments of a relation.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;

use crate::document::{FieldKind, Name, RelationKind, RelationSpec, Target, TargetForm, Value};
use crate::python::{self, Args, Scope, truth};

/// Reads a relation from its call.
pub(super) fn read(
    kind: RelationKind,
    call: &ExprCall,
    args: &Args<'_>,
    scope: &Scope,
) -> FieldKind {
    let many = kind == RelationKind::ManyToMany;
    let named = |name| args.name(name).filter(|found| !found.text.is_empty());
    // `to` is the public name, `model_name` that of the class behind it.
    let to = ["to", "model_name"].into_iter().find_map(|name| {
        let at =
            args.positional.iter().position(|parameter| *parameter == name).unwrap_or(usize::MAX);
        match call.arguments.find_argument_value(name, at) {
            Some(Expr::Starred(_)) | None => None,
            Some(expr) => target(expr, scope),
        }
    });
    let off = |name| args.value(name).and_then(truth) == Some(false);
    FieldKind::Relation(Box::new(RelationSpec {
        kind,
        target: to,
        related_name: named("related_name"),
        related_query_name: None,
        on_delete: args.get("on_delete").and_then(on_delete),
        on_update: None,
        to_field: if many { None } else { named("to_field") },
        through: None,
        through_fields: None,
        through_table: if many { named("through") } else { None },
        through_columns: if many {
            (named("backward_key"), named("forward_key"))
        } else {
            (None, None)
        },
        symmetrical: None,
        constraint: !off("db_constraint"),
        // `None` and an empty name ask for the default; only `False` asks for none, and only of keys.
        skip_reverse: !many && args.value("related_name") == Some(&Value::Bool(false)),
        parent_link: false,
    }))
}

/// A member of `OnDelete`, or its text: `"SET NULL"`.
fn on_delete(arg: &crate::document::Argument) -> Option<Name> {
    let text = match &arg.value {
        Value::Str(text) => text.replace(' ', "_"),
        other => other.as_name()?.to_owned(),
    };
    Some(Name { text, span: arg.value_span })
}

/// The model that an expression names: a class, or a string with the app before the model.
fn target(expr: &Expr, scope: &Scope) -> Option<Target> {
    let span = python::span(expr.range());
    match python::eval(expr, scope, "") {
        Value::Str(text) => Some(Target { text, form: TargetForm::Text, span, path: None }),
        Value::Name(path) => {
            let text = python::dotted(expr).unwrap_or_else(|| path.clone());
            let path = (path != text).then_some(path);
            Some(Target { text, form: TargetForm::Class, span, path })
        }
        _ => None,
    }
}
