//! A query name that filters cannot use.

use crate::check::names;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_field;
use crate::orm::django::rules::related;

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "invalid-query-name", ids: &["fields.E308", "fields.E309"], docs: DOCS };

const DOCS: &str = r#"## What

The name by which a relation is followed backwards in filters ends with an underscore or contains two in a row.

## Why

Filters put two underscores between names: `moon__name`. A name that contains or ends with them could not be told apart from that.

## Example

```python
planet = models.ForeignKey(Planet, on_delete=models.CASCADE, related_name="moon__s")
```

## Fix

Rename it. If it comes from the model's name, give a `related_name` or `related_query_name`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for relation in cx.registry.relations.iter().filter(|relation| !relation.hidden) {
        let (Some(class), Some(spec_field)) = (cx.registry.class(relation.class), relation.field)
        else {
            continue;
        };
        if !class.installed {
            continue;
        }
        let name = relation.query_name.as_str();
        let span = spec_field
            .relation()
            .and_then(|spec| spec.related_query_name.as_ref().or(spec.related_name.as_ref()))
            .map_or(spec_field.name.span, |declared| declared.span);
        let mut report = |id, message: String| {
            let wanted = related::free_name(cx, relation, &[names::to_identifier(name)]);
            out.push(
                on_field(RULE.name, id, class, spec_field, span, message)
                    .hint("Add or change a related_name or related_query_name argument for this field.")
                    .titled(format!("Filters cannot use the name `{name}`"))
                    .why("In filters two underscores lead from one name to the next, as in `moon__name`. A name that contains them or ends with one could not be told apart from that.")
                    .fix(format!("Rename to `{wanted}`"), related::rename_query(cx, relation, &wanted)),
            );
        };
        if name.ends_with('_') {
            report(
                "fields.E308",
                format!("Reverse query name '{name}' must not end with an underscore."),
            );
        }
        if name.contains("__") {
            report("fields.E309", format!("Reverse query name '{name}' must not contain '__'."));
        }
    }
}
