//! A relation to something that is no model.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::{Argument, Field, Model, RelationKind, Value};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::moments::{self, Step};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "invalid-target", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The first argument of a relation is neither a model nor the name of one.

## Why

A relation points at the rows of a model. A number or a Python type has none.

## Example

```python
owner = models.ForeignKey(int, on_delete=models.CASCADE)
```

## Fix

Name a model: `models.ForeignKey("Owner", …)`. For a plain number use `models.IntegerField()`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in model.made() {
            let Some(relation) = field.relation() else { continue };
            let Some(arg) =
                field.arg("to").or_else(|| field.args.first().filter(|arg| arg.keyword.is_none()))
            else {
                continue;
            };
            let shown = match &arg.value {
                Value::None => "None".to_owned(),
                Value::Int(number) => number.to_string(),
                Value::Number(number) => number.clone(),
                Value::Bool(true) => "True".to_owned(),
                Value::Bool(false) => "False".to_owned(),
                Value::Name(name)
                    if matches!(
                        name.as_str(),
                        "int"
                            | "str"
                            | "float"
                            | "bool"
                            | "list"
                            | "dict"
                            | "set"
                            | "tuple"
                            | "object"
                            | "bytes"
                    ) =>
                {
                    format!("<class '{name}'>")
                }
                Value::Str(text) if text.matches('.').count() > 1 => {
                    malformed(model, field, arg, text, out);
                    continue;
                }
                Value::Str(_)
                | Value::List(_)
                | Value::Dict(_)
                | Value::Name(_)
                | Value::Call { .. }
                | Value::Other(_) => continue,
            };
            let first = if relation.kind == RelationKind::ManyToMany {
                "ManyToManyField"
            } else {
                "ForeignKey"
            };
            let message = format!(
                "{}({shown}) is invalid. First parameter to {first} must be either a model, a model name, or the string 'self'",
                field.class.text
            );
            out.push(
                Diagnostic::raised(RULE.name, "TypeError", moments::call(field), arg.value_span, message)
                    .subject(&model.name.text, Some(&field.name.text))
                    .titled(format!("`{}` does not point at a model", field.name.text))
                    .why("A relation points at the rows of a model: its first argument is a model class, the name of one in quotes, or `\"self\"`."),
            );
        }
    }
}

fn malformed(model: &Model, field: &Field, arg: &Argument, text: &str, out: &mut Vec<Diagnostic>) {
    let name = text.rsplit('.').next().unwrap_or_default();
    out.push(
        Diagnostic::raised(
            RULE.name,
            "ValueError",
            // Names are taken apart when the class is made.
            moments::class(model, Step::Fields),
            arg.value_span,
            format!("Invalid model reference '{text}'. String model references must be of the form 'app_label.ModelName'."),
        )
        .subject(&model.name.text, Some(&field.name.text))
        .titled(format!("`{text}` has too many dots"))
        .why("A model is named by its app and its class, `app.Model`, or by its class alone. The path of its Python module does not belong there.")
        .fix(format!("Write `\"{name}\"`"), Some(vec![fix::replace(arg.value_span, fix::quote(name))])),
    );
}
