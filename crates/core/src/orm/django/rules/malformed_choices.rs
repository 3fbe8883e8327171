//! `choices` that are not pairs.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::Value;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::choices::{self, Choices};
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "malformed-choices", ids: &["fields.E004", "fields.E005"], docs: DOCS };

const DOCS: &str = r#"## What

`choices` is not a list of pairs of a value and its label.

## Why

Django stores the first of each pair and shows the second. With single words it cannot know which is which.

## Example

```python
size = models.CharField(max_length=1, choices=["S", "M", "L"])
```

## Fix

Write pairs: `choices=[("S", "Small"), ("M", "Medium")]`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some(arg) = field.arg("choices") else { continue };
        match choices::read(&arg.value) {
            Choices::NotIterable => out.push(
                on_field(RULE.name, "fields.E004", class, field, arg.span, "'choices' must be a mapping (e.g. a dictionary) or an iterable (e.g. a list or tuple).")
                    .titled(format!("The choices of `{}` are not a list", field.name.text))
                    .why("`choices` lists what may be chosen: pairs of the value that is stored and the label that is shown.")
                    .fix("Remove it", fix::remove(cx.source, field, "choices")),
            ),
            Choices::NotPairs => out.push(
                on_field(
                    RULE.name,
                    "fields.E005",
                    class,
                    field,
                    arg.span,
                    "'choices' must be a mapping of actual values to human readable names or an iterable containing (actual value, human readable name) tuples.",
                )
                .titled(format!("The choices of `{}` are not pairs", field.name.text))
                .why("Each choice is a pair: the value that is stored, then the label that people see. Here at least one item is not such a pair.")
                .fix("Make them pairs", pairs(&arg.value).map(|text| vec![fix::replace(arg.value_span, text)]))
                .fix("Remove it", fix::remove(cx.source, field, "choices")),
            ),
            Choices::Fine(_) | Choices::Unknown => {}
        }
    }
}

/// A list of plain words as pairs of the word and the word with a capital.
fn pairs(value: &Value) -> Option<String> {
    let items: Option<Vec<String>> = value
        .as_list()?
        .iter()
        .map(|item| {
            let word = item.as_str()?;
            let mut letters = word.chars();
            let label: String = letters.next()?.to_uppercase().chain(letters).collect();
            Some(format!("({}, {})", fix::quote(word), fix::quote(&label)))
        })
        .collect();
    Some(format!("[{}]", items?.join(", ")))
}
