//! A field called `objects`.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::MemberKind;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::moments::{self, Step};
use crate::orm::django::rules::owner;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "field-named-objects", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model has a field named `objects` and no manager of its own.

## Why

`Model.objects` is where queries start. Django adds it to each model without a manager, and the field stands in its place.

## Example

```python
class Box(models.Model):
    objects = models.IntegerField()
```

## Fix

Rename the field, or declare a manager under another name.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.classes.iter().filter(|class| !class.is_abstract()) {
        let managed =
            class.mro.iter().filter_map(|at| cx.registry.class(*at)).any(|base| {
                base.model.members.iter().any(|member| member.kind == MemberKind::Manager)
            });
        let fields = cx.registry.all_fields(class.index);
        let Some((_, local)) = fields
            .iter()
            .find(|(_, local)| local.name == "objects" && local.column.is_some())
            .filter(|_| !managed)
        else {
            continue;
        };
        let Some(field) = local.field else { continue };
        let wanted = names::free(
            &[format!("{}_objects", names::snake(class.name())), "items".to_owned()],
            |name| cx.registry.forward_field(class.index, name).is_some(),
        );
        out.push(
            Diagnostic::raised(
                RULE.name,
                "ValueError",
                moments::class(class.model, Step::Managers),
                field.name.span,
                format!("Model {} must specify a custom Manager, because it has a field named 'objects'.", class.name()),
            )
            .subject(class.name(), Some("objects"))
            .titled("A field named `objects` leaves no place for the manager")
            .why(format!("Queries start with `{}.objects`: Django puts a manager there. The field has taken its place.", class.name()))
            .fix(format!("Rename to `{wanted}`"), owner(cx, local).and_then(|model| fix::rename_field(cx.source, cx.document, model, field, &wanted))),
        );
    }
}
