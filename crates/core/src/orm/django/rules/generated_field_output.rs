//! The type of a computed column.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::{Argument, Field, Name, Value};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{decimal_digits, max_length_on_integer, max_length_value};
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "generated-field-output", ids: &["fields.E223", "fields.W224"], docs: DOCS };

const DOCS: &str = r#"## What

The `output_field` of a `GeneratedField` has a mistake of its own.

## Why

The computed value is kept in a column of that type, so the type has to be right like that of any other field.

## Example

```python
label = models.GeneratedField(expression=F("name"), output_field=models.CharField(max_length=0), db_persist=True)
```

## Fix

Correct the `output_field` as if it were a field of the model.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx).filter(|(_, _, field)| field.class.text == "GeneratedField")
    {
        let Some(arg) = field.arg("output_field") else { continue };
        let Some(output) = as_field(field, arg) else { continue };
        let mut errors: Vec<String> = Vec::new();
        if let Some((_, _)) = max_length_value::wrong(&output) {
            errors.push("'max_length' must be a positive integer. (fields.E121)".to_owned());
        }
        if output.class.text == "DecimalField" {
            errors.extend(
                decimal_digits::problems(&output)
                    .into_iter()
                    .map(|(id, _, message)| format!("{message} ({id})")),
            );
        }
        let mut report = |id, what: &str, messages: String, edits| {
            out.push(
                on_field(RULE.name, id, class, field, arg.value_span, format!("GeneratedField.output_field has {what}:\n    {messages}"))
                    .titled(format!("The type of the computed column `{}` is not right", field.name.text))
                    .why("What the database computes is kept in a column of this type, which has to be right like that of any other field.")
                    .fix("Remove `max_length`", edits),
            );
        };
        if !errors.is_empty() {
            report("fields.E223", "errors", errors.join("\n    "), None);
        }
        if max_length_on_integer::useless(&output).is_some() {
            let place =
                output.args.iter().position(|arg| arg.keyword.as_deref() == Some("max_length"));
            let edits = place.and_then(|at| fix::remove_argument(cx.source, &output.args, at));
            let message = format!(
                "'max_length' is ignored when used with {}. (fields.W122)",
                output.class.text
            );
            report("fields.W224", "warnings", message, edits);
        }
    }
}

/// The call as the field that it makes.
fn as_field(field: &Field, arg: &Argument) -> Option<Field> {
    let Value::Call { callee, args } = &arg.value else { return None };
    let class = Name { text: callee.rsplit('.').next()?.to_owned(), span: arg.value_span };
    Some(Field { class, args: args.clone(), ..field.clone() })
}
