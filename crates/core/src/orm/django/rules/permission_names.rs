//! Names of permissions that clash or are too long.

use crate::check::{Diagnostic, Rule, fix};
use crate::document::{Project, Value};
use crate::orm::django::registry::Class;
use crate::orm::django::rules::{Context, on_model, option_span};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "permission-names",
    ids: &["auth.E005", "auth.E006", "auth.E007", "auth.E008", "auth.E011", "auth.E012"],
    docs: DOCS,
};

const DOCS: &str = r#"## What

A permission of `Meta.permissions` has the code of another one, or the code or the name of a permission is too long for its column.

## Why

`django.contrib.auth` keeps a row for each permission: `add_book`, `change_book`, `delete_book`, `view_book` and your own. The code is unique for each model and has at most 100 characters, the name at most 255.

## Example

```python
class Book(models.Model):
    class Meta:
        permissions = [("view_book", "Can look at the book")]
```

## Fix

Choose another code: `("browse_book", "Can look at the book")`.
"#;

/// The columns of `auth.Permission`.
const NAME: usize = 255;
const CODE: usize = 100;

const WHY: &str = "`django.contrib.auth` keeps each permission as a row, by a code that is unique for the model and fits 100 characters, and a name that fits 255.";

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if cx.document.project == Project::Bare {
        return;
    }
    for class in cx.registry.installed() {
        let actions = actions(class);
        builtin(class, &actions, out);
        let given = class.option("permissions").and_then(Value::as_list).unwrap_or_default();
        let mut codes: Vec<&str> = Vec::new();
        for pair in given {
            let Some([Value::Str(code), Value::Str(name)]) = pair.as_list() else { continue };
            let label = class.label();
            let is_builtin = actions
                .iter()
                .any(|action| code.strip_prefix(action) == Some(&format!("_{}", class.model_name)));
            let mut found = Vec::new();
            if name.chars().count() > NAME {
                found.push(("auth.E008", format!("The permission named '{name}' of model '{label}' is longer than {NAME} characters."), "The name of a permission is too long"));
            }
            if code.chars().count() > CODE {
                found.push(("auth.E012", format!("The permission codenamed '{code}' of model '{label}' is longer than {CODE} characters."), "The code of a permission is too long"));
            }
            if is_builtin {
                found.push(("auth.E005", format!("The permission codenamed '{code}' clashes with a builtin permission for model '{label}'."), "Django makes a permission of this code by itself"));
            } else if codes.contains(&code.as_str()) {
                found.push((
                    "auth.E006",
                    format!("The permission codenamed '{code}' is duplicated for model '{label}'."),
                    "Two permissions have one code",
                ));
            }
            codes.push(code);
            let option = option_span(class.model, "permissions");
            let place = fix::quoted_place(cx.source, option, code).unwrap_or(option);
            out.extend(found.into_iter().map(|(id, message, title)| {
                on_model(RULE.name, id, class, place, message).titled(title).why(WHY)
            }));
        }
    }
}

/// What `Meta.default_permissions` says.
fn actions<'r>(class: &'r Class<'_>) -> Vec<&'r str> {
    match class.option("default_permissions") {
        None => vec!["add", "change", "delete", "view"],
        Some(value) => {
            value.as_list().unwrap_or_default().iter().filter_map(Value::as_str).collect()
        }
    }
}

/// The permissions that Django makes: `Can change …` with the verbose name, `change_…` with the model's.
fn builtin(class: &Class<'_>, actions: &[&str], out: &mut Vec<Diagnostic>) {
    let Some(longest) = actions.iter().map(|action| action.chars().count()).max() else { return };
    let span = class.model.name.span;
    let verbose = class.option("verbose_name").and_then(Value::as_str).unwrap_or(class.name());
    let around = longest + "Can  ".len();
    if around + verbose.chars().count() > NAME {
        let message = format!(
            "The verbose_name of model '{}' must be at most {} characters for its builtin permission names to be at most {NAME} characters.",
            class.label(),
            NAME.saturating_sub(around)
        );
        out.push(
            on_model(RULE.name, "auth.E007", class, span, message)
                .titled(format!(
                    "The verbose name of {} is too long for its permissions",
                    class.name()
                ))
                .why(WHY),
        );
    }
    if longest + 1 + class.model_name.chars().count() > CODE {
        let message = format!(
            "The name of model '{}' must be at most {} characters for its builtin permission codenames to be at most {CODE} characters.",
            class.label(),
            CODE.saturating_sub(longest + 1)
        );
        out.push(
            on_model(RULE.name, "auth.E011", class, span, message)
                .titled(format!("The name of {} is too long for its permissions", class.name()))
                .why(WHY),
        );
    }
}
