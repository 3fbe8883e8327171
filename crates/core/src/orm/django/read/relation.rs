//! The arguments of a relation.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;

use crate::document::{FieldKind, Name, RelationKind, RelationSpec, Target, TargetForm, Value};
use crate::orm::django::contrib;
use crate::python::Args;
use crate::python::{self, Scope};

/// Reads a relation from its call.
pub(super) fn read(
    kind: RelationKind,
    call: &ExprCall,
    args: &Args<'_>,
    scope: &Scope,
    source: &str,
) -> FieldKind {
    let expression = |name: &str, at: usize| match call.arguments.find_argument_value(name, at) {
        Some(expr) if !matches!(expr, Expr::Starred(_)) => Some(expr),
        _ => None,
    };
    let many = kind == RelationKind::ManyToMany;
    let through_fields =
        args.get("through_fields").filter(|arg| arg.value != Value::None).map(|arg| {
            let names = arg.value.as_list().unwrap_or_default();
            (
                names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect(),
                arg.value_span,
            )
        });
    FieldKind::Relation(Box::new(RelationSpec {
        kind,
        target: expression("to", 0).and_then(|expr| target(expr, scope, source)),
        related_name: args.name("related_name"),
        related_query_name: args.name("related_query_name"),
        on_delete: if many { None } else { args.get("on_delete").map(on_delete) },
        on_update: None,
        to_field: if many { None } else { args.name("to_field") },
        through: if many {
            expression("through", 5).and_then(|expr| target(expr, scope, source))
        } else {
            None
        },
        through_fields: if many { through_fields } else { None },
        through_table: if many { args.name("db_table") } else { None },
        through_columns: (None, None),
        symmetrical: if many { args.boolean("symmetrical") } else { None },
        constraint: args.boolean("db_constraint").unwrap_or(true),
        skip_reverse: false,
        parent_link: args.flag("parent_link"),
    }))
}

fn on_delete(arg: &crate::document::Argument) -> Name {
    let text = match &arg.value {
        // `SET(value)` and its like.
        Value::Call { callee, .. } => callee.rsplit('.').next().unwrap_or_default().to_owned(),
        other => other.as_name().unwrap_or_default().to_owned(),
    };
    Name { text, span: arg.value_span }
}

/// The model that an expression names: a class, a string, a setting.
fn target(expr: &Expr, scope: &Scope, source: &str) -> Option<Target> {
    let span = python::span(expr.range());
    match python::eval(expr, scope, source) {
        Value::Str(text) if text == "self" => {
            Some(Target { text, form: TargetForm::Itself, span, path: None })
        }
        Value::Str(text) => Some(Target { text, form: TargetForm::Text, span, path: None }),
        Value::Name(path) => {
            let text = python::dotted(expr).unwrap_or_else(|| path.clone());
            let path = (path != text).then_some(path);
            Some(Target { text, form: TargetForm::Class, span, path })
        }
        Value::Call { callee, .. } if callee.ends_with("get_user_model") => {
            let text = span.text(source).to_owned();
            Some(Target {
                text,
                form: TargetForm::Class,
                span,
                path: Some(contrib::USER.to_owned()),
            })
        }
        _ => None,
    }
}
