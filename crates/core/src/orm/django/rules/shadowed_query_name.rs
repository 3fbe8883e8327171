//! Two relations with the same name in filters.

use crate::check::{Diagnostic, Rule};
use crate::orm::django::registry::Relation;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::related;
use rustc_hash::FxHashMap;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "shadowed-query-name", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Two relations to the same model have different reverse attributes but the same name in filters.

## Why

Django reports nothing. In filters the last declared one answers, and the other cannot be reached.

## Example

```python
class Post(models.Model):
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="posts", related_query_name="post")
    editor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="edited", related_query_name="post")
```

## Fix

Give each its own `related_query_name`, or none: then the related name is used.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed().filter(|class| !class.is_proxy()) {
        let mut names: FxHashMap<&str, &Relation<'_>> = FxHashMap::default();
        let reverse = cx.registry.reverse(class.index);
        for relation in &reverse {
            let name = relation.query_name.as_str();
            let Some(first) = names.insert(name, relation) else { continue };
            // Where an attribute of that name stands in the way too, the ORM says so itself.
            let reported =
                [first, relation].into_iter().any(|one| one.accessor.as_deref() == Some(name))
                    || (first.accessor == relation.accessor)
                    || cx.registry.forward_field(class.index, name).is_some();
            let (Some(field), Some(owner), Some(other)) =
                (relation.field, cx.registry.class(relation.class), cx.registry.class(first.class))
            else {
                continue;
            };
            if reported {
                continue;
            }
            let declared = relation.spec().and_then(|spec| spec.related_query_name.as_ref());
            let place =
                declared.map_or_else(|| related::name_span(field), |declared| declared.span);
            let edits = match declared {
                Some(_) => crate::check::fix::remove(cx.source, field, "related_query_name")
                    .filter(|_| relation.related_name.is_some()),
                None => related::rename(cx, relation, &related::proposal(cx, relation)),
            };
            let title = if declared.is_some() {
                "Use the related name".to_owned()
            } else {
                related::title(relation, &related::proposal(cx, relation))
            };
            out.push(
                Diagnostic::advice(RULE.name, place, format!("'{}' and '{}' have the same query name '{name}'.", other.path(&first.name), owner.path(&relation.name)))
                    .object(owner.path(&relation.name))
                    .subject(owner.name(), Some(&relation.name))
                    .related(other.name(), Some(&first.name), first.field.map(related::name_span))
                    .related(class.name(), Some(name), None)
                    .titled(format!("Filters on {} know two relations as `{name}`", class.name()))
                    .why(format!("In `{}.objects.filter({name}__…)` the name means `{}.{}`, as it was declared last. `{}.{}` cannot be reached by it, and Django does not say so.", class.name(), owner.name(), relation.name, other.name(), first.name))
                    .fix(title, edits),
            );
        }
    }
}
