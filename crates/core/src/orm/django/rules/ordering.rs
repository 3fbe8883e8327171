//! An order by something that is not there.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::{Field, Name, RelationKind, Span, Value};
use crate::orm::django::registry::{Class, Local, Target};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_model;

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "ordering", ids: &["models.E014", "models.E015", "models.E021"], docs: DOCS };

const DOCS: &str = r#"## What

`Meta.ordering` is no list, names a field that does not exist, or stands beside `order_with_respect_to`.

## Why

Each query without an order of its own would be sorted by it.

## Example

```python
class Meta:
    ordering = ["titel"]
```

## Fix

Write a list of field names, with a minus for descending order: `ordering = ["-published", "title"]`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed() {
        let Some((owner, name, value)) = effective(cx, class.index, 0) else { continue };
        let with_respect = class
            .meta
            .options
            .iter()
            .any(|(name, value)| name.text == "order_with_respect_to" && *value != Value::None);
        if with_respect {
            if owner.index == class.index {
                out.push(
                    on_model(RULE.name, "models.E021", class, name.span, "'ordering' and 'order_with_respect_to' cannot be used together.")
                        .titled(format!("{} is ordered in two ways", class.name()))
                        .why("`order_with_respect_to` gives the rows an order that can be changed by hand, and sorts by it. `ordering` would sort by something else.")
                        .fix("Remove `ordering`", fix::remove_option(cx.source, class.model, "ordering"))
                        .fix("Remove `order_with_respect_to`", fix::remove_option(cx.source, class.model, "order_with_respect_to")),
                );
            }
            continue;
        }
        let items = match value {
            Value::List(items) => items,
            Value::Str(text) if !text.is_empty() => {
                let list = fix::statement_end(cx.source, name.span.end)
                    .map(|end| Span::new(name.span.end, end));
                out.push(
                    on_model(RULE.name, "models.E014", class, name.span, "'ordering' must be a tuple or list (even if you want to order by only one field).")
                        .titled(format!("The order of {} is not a list", class.name()))
                        .why("`ordering` is a list, also for a single field. In a plain string each letter would be a field.")
                        .fix("Make it a list", list.map(|list| vec![fix::replace(list, format!(" = [{}]", fix::quote(text)))])),
                );
                continue;
            }
            _ => continue,
        };
        let mut seen: Vec<&str> = Vec::new();
        for item in items.iter().filter_map(Value::as_str).filter(|item| *item != "?") {
            let field = item.strip_prefix('-').unwrap_or(item);
            let misses = if field.contains("__") {
                walk(cx, class, field)
            } else {
                let new = !seen.contains(&field);
                seen.push(field);
                usize::from(new && field != "pk" && !can_order(cx, class, field))
            };
            for _ in 0..misses {
                let place = owner
                    .meta
                    .ordering
                    .iter()
                    .find(|written| written.text == item)
                    .map_or(name.span, |written| written.span);
                let mut found = on_model(RULE.name, "models.E015", class, place, format!("'ordering' refers to the nonexistent field, related field, or lookup '{field}'."))
                    .titled(format!("{} cannot be ordered by `{field}`", class.name()))
                    .why(format!("`ordering` names fields that each {} has one value of. `{field}` is none: it does not exist, or it is a many-to-many.", class.name()));
                let known = cx.registry.all_fields(class.index);
                let meant = names::nearest(
                    field,
                    known
                        .iter()
                        .filter(|(_, local)| local.column.is_some())
                        .map(|(_, local)| local.name.as_ref()),
                );
                if let Some(meant) = meant.filter(|_| place != name.span) {
                    let sign = if item.starts_with('-') { "-" } else { "" };
                    found = found.fix(
                        format!("Did you mean `{meant}`?"),
                        Some(vec![fix::replace(place, fix::quote(&format!("{sign}{meant}")))]),
                    );
                }
                if items.len() == 1 && owner.index == class.index {
                    found = found.fix(
                        "Remove the order",
                        fix::remove_option(cx.source, class.model, "ordering"),
                    );
                }
                out.push(found);
            }
        }
    }
}

/// The order of a class: its own, or that of the parent with a table from which it has its options.
fn effective<'r>(
    cx: &'r Context<'_>,
    index: usize,
    depth: usize,
) -> Option<(&'r Class<'r>, &'r Name, &'r Value)> {
    let class = cx.registry.class(index)?;
    if let Some((name, value)) = class.meta.options.iter().find(|(name, _)| name.text == "ordering")
    {
        return Some((class, name, value));
    }
    let base = class.mro.get(1).filter(|_| depth < 32)?;
    cx.registry.class(*base).filter(|base| !base.is_abstract())?;
    effective(cx, *base, depth + 1)
}

fn can_order(cx: &Context<'_>, class: &Class<'_>, name: &str) -> bool {
    let forward = cx.registry.all_fields(class.index);
    forward
        .iter()
        .any(|(_, local)| (local.name == name || local.attname == name) && !is_many(local))
        || cx.registry.reverse(class.index).iter().any(|relation| relation.query_name == name)
        || has_opaque_base(cx, class)
}

fn is_many(local: &Local<'_>) -> bool {
    local
        .field
        .and_then(Field::relation)
        .is_some_and(|relation| relation.kind == RelationKind::ManyToMany)
}

/// Whether a class has a base that this tool cannot look into.
fn has_opaque_base(cx: &Context<'_>, class: &Class<'_>) -> bool {
    class.mro.iter().filter_map(|at| cx.registry.class(*at)).flat_map(|base| &base.model.bases).any(
        |base| {
            cx.document
                .imports
                .iter()
                .any(|import| import.name == base.path && !import.path.ends_with("models.Model"))
        },
    )
}

/// Follows a path over relations as Django does; gives how many of its parts lead nowhere.
fn walk(cx: &Context<'_>, class: &Class<'_>, path: &str) -> usize {
    let mut at = Some(class.index);
    let mut last: Option<&Local<'_>> = None;
    let mut started = false;
    let mut misses = 0;
    for part in path.split("__") {
        let forward = match part {
            "pk" => at.and_then(|at| cx.registry.key(at)),
            _ => at.and_then(|at| cx.registry.forward_field(at, part)),
        };
        let backward = at.and_then(|at| {
            cx.registry.reverse(at).into_iter().find(|relation| relation.query_name == part)
        });
        match (forward, backward) {
            (Some((_, local)), _) => {
                started = true;
                last = Some(local);
                match local.relation.and_then(|at| cx.registry.relations.get(at)) {
                    Some(relation) if matches!(relation.target, Target::Missing(..)) => misses += 1,
                    // What an import brings is taken at its word.
                    Some(relation) if relation.target_index().is_none() => return misses,
                    Some(relation) => at = relation.target_index(),
                    None => at = None,
                }
            }
            (None, Some(relation)) => {
                started = true;
                last = None;
                at = Some(relation.class);
            }
            (None, None) => {
                if at
                    .and_then(|at| cx.registry.class(at))
                    .is_some_and(|class| has_opaque_base(cx, class))
                {
                    return misses;
                }
                let known = started
                    && (LOOKUPS.contains(&part)
                        || last.is_some_and(|local| {
                            local.field.is_some_and(|field| {
                                field.relation().is_none() && has_transform(&field.class.text, part)
                            })
                        }));
                misses += usize::from(!known);
            }
        }
    }
    misses
}

/// Lookups that every field has.
const LOOKUPS: &[&str] = &["exact", "gt", "gte", "lt", "lte", "in", "isnull"];

fn has_transform(class: &str, part: &str) -> bool {
    let date = matches!(
        part,
        "year" | "month" | "day" | "week" | "week_day" | "iso_week_day" | "iso_year" | "quarter"
    );
    let time = matches!(part, "hour" | "minute" | "second");
    let text = matches!(
        part,
        "iexact"
            | "contains"
            | "icontains"
            | "startswith"
            | "istartswith"
            | "endswith"
            | "iendswith"
            | "range"
            | "regex"
            | "iregex"
    );
    match class {
        "DateField" => date || text,
        "DateTimeField" => date || time || text || matches!(part, "date" | "time"),
        "TimeField" => time || text,
        "JSONField" => true,
        other if other.ends_with("Field") => text,
        _ => true,
    }
}
