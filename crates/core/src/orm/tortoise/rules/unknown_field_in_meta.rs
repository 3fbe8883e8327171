//! Fields that `Meta` names.

use super::schema::{Phase, refused};
use super::{CONFIGURATION, Context};
use crate::check::rules::option_span;
use crate::check::{Diagnostic, Rule, fix, names};
use crate::document::Value;
use crate::orm::tortoise::world::{Class, Kind, World};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-field-in-meta", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`unique_together` or `indexes` in `Meta` is no list of groups, or names something that is no field with a column.

## Why

Tortoise looks at them when it makes the tables.

## Example

```python
class Meta:
    unique_together = (("building", "nummer"),)
```

## Fix

Name fields of the model. A many-to-many has no column here.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (place, class) in cx.world.app.iter().filter_map(|index| cx.world.class(*index)).enumerate()
    {
        for option in ["unique_together", "indexes"] {
            let Some((_, _, value)) = class.option(option) else { continue };
            let Some(problem) = problem(cx.world, class, option, value) else { continue };
            let span = option_span(class.model, option);
            let mut found = refused(
                RULE.name,
                CONFIGURATION,
                (Phase::Check, place * 2 + usize::from(option == "indexes")),
                class,
                span,
                problem.message,
            )
            .titled(problem.title)
            .why("Tortoise reads it as groups of fields of this model.");
            if let Some(wrong) = problem.wrong {
                let known = class.fields.iter().filter(|(_, id)| {
                    cx.world.object(*id).is_some_and(|object| {
                        !matches!(object.kind, Kind::ManyToMany | Kind::Backward)
                    })
                });
                let meant = names::nearest(&wrong, known.map(|(name, _)| name.as_ref()));
                let place = class
                    .model
                    .meta
                    .span
                    .and_then(|meta| fix::quoted_place(cx.source, meta, &wrong));
                if let (Some(meant), Some(place)) = (meant, place) {
                    found = found.fix(
                        format!("Did you mean `{meant}`?"),
                        Some(vec![fix::replace(place, meant)]),
                    );
                }
            }
            out.push(found.fix(
                format!("Remove `{option}`"),
                fix::remove_option(cx.source, class.model, option),
            ));
        }
    }
}

struct Wrong {
    message: String,
    title: String,
    /// The name that is no field.
    wrong: Option<String>,
}

/// `_check_together`.
fn problem(world: &World<'_>, class: &Class<'_>, option: &str, value: &Value) -> Option<Wrong> {
    let name = class.name();
    let plain = |message: String, title: &str| {
        Some(Wrong { message, title: title.to_owned(), wrong: None })
    };
    let items = match value {
        Value::List(items) => items,
        Value::Str(text) if !text.is_empty() => {
            return plain(
                format!("'{name}.{option}' must be a list or tuple."),
                "A list of groups of fields is wanted",
            );
        }
        Value::Dict(_) | Value::Int(_) | Value::Bool(_) => {
            return plain(
                format!("'{name}.{option}' must be a list or tuple."),
                "A list of groups of fields is wanted",
            );
        }
        Value::Str(_)
        | Value::None
        | Value::Number(_)
        | Value::Name(_)
        | Value::Call { .. }
        | Value::Other(_) => return None,
    };
    // One group of names stands for a list with that group.
    let flat = matches!(items.first(), Some(Value::Str(_)));
    let groups: Vec<&Value> = if flat { vec![value] } else { items.iter().collect() };
    if groups.iter().any(|group| {
        matches!(
            group,
            Value::Str(_) | Value::Int(_) | Value::Dict(_) | Value::None | Value::Bool(_)
        )
    }) {
        return plain(
            format!("All '{name}.{option}' elements must be lists or tuples."),
            "Each group of fields is a list",
        );
    }
    for group in groups {
        let fields = match group {
            Value::List(fields) => fields.as_slice(),
            Value::Call { args, .. } => args
                .iter()
                .find(|arg| arg.keyword.as_deref() == Some("fields"))
                .and_then(|arg| arg.value.as_list())
                .unwrap_or_default(),
            _ => continue,
        };
        for field in fields.iter().filter_map(Value::as_str) {
            match class.fields.get(field).and_then(|id| world.object(id)) {
                None => {
                    return Some(Wrong {
                        message: format!("'{name}.{option}' has no '{field}' field."),
                        title: format!("`{name}` has no field `{field}`"),
                        wrong: Some(field.to_owned()),
                    });
                }
                Some(object) if object.kind == Kind::ManyToMany => {
                    return plain(
                        format!("'{name}.{option}' '{field}' field refers to ManyToMany field."),
                        &format!("`{field}` has no column in the table of `{name}`"),
                    );
                }
                Some(_) => {}
            }
        }
    }
    None
}
