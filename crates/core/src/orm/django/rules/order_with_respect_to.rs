//! `order_with_respect_to` a field that does not exist.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::{Span, Value};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::moments::{self, Step};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "order-with-respect-to", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`Meta.order_with_respect_to` names a field that the model does not have.

## Why

Django keeps the order of rows among those with the same value of that field, so it has to know it.

## Example

```python
class Answer(models.Model):
    question = models.ForeignKey(Question, on_delete=models.CASCADE)

    class Meta:
        order_with_respect_to = "questoin"
```

## Fix

Name a foreign key of the model.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.classes.iter().filter(|class| !class.is_abstract()) {
        let Some((name, Value::Str(wanted))) =
            class.meta.options.iter().find(|(name, _)| name.text == "order_with_respect_to")
        else {
            continue;
        };
        let virtual_field = class.model.field(wanted).is_some();
        if wanted.is_empty()
            || virtual_field
            || cx.registry.forward_field(class.index, wanted).is_some()
        {
            continue;
        }
        let known = cx.registry.all_fields(class.index);
        let meant = names::nearest(
            wanted,
            known
                .iter()
                .filter(|(_, local)| local.relation.is_some())
                .map(|(_, local)| local.name.as_ref()),
        );
        let written =
            fix::statement_end(cx.source, name.span.end).map(|end| Span::new(name.span.end, end));
        let edits = meant.zip(written).map(|(meant, written)| {
            vec![fix::replace(written, format!(" = {}", fix::quote(meant)))]
        });
        let mut found = Diagnostic::raised(
            RULE.name,
            "FieldDoesNotExist",
            moments::class(class.model, Step::Prepare),
            name.span,
            format!("{} has no field named '{wanted}'", class.name()),
        )
        .subject(class.name(), None)
        .titled(format!("{} has no field `{wanted}` to be ordered by", class.name()))
        .why("`order_with_respect_to` names the foreign key within whose target the rows have an order of their own.");
        if let Some(meant) = meant {
            found = found.fix(format!("Did you mean `{meant}`?"), edits);
        }
        out.push(
            found.fix(
                "Remove it",
                fix::remove_option(cx.source, class.model, "order_with_respect_to"),
            ),
        );
    }
}
