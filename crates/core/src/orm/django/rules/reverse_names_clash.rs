//! Two relations that want the same reverse name.

use crate::check::names;
use crate::check::{Diagnostic, Fix, Rule};
use crate::orm::django::registry::{Class, Relation};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::related;
use rustc_hash::FxHashMap;

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "reverse-names-clash", ids: &["fields.E304", "fields.E305"], docs: DOCS };

const DOCS: &str = r#"## What

Two relations to the same model would give it the same attribute, or the same name in filters.

## Why

Each relation adds an attribute to its target that leads back. If two ask for the same one, Django cannot tell which is meant.

## Example

```python
class Flight(models.Model):
    origin = models.ForeignKey(City, on_delete=models.CASCADE)
    destination = models.ForeignKey(City, on_delete=models.CASCADE)
```

## Fix

Give at least one of them a `related_name` of its own: `related_name="departures"`. With `related_name="+"` there is no way back at all.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // Reverse names of each target, by name: so that no relation is compared with all others.
    let mut told = 0;
    let mut cache: FxHashMap<usize, FxHashMap<&str, Vec<&Relation<'_>>>> = FxHashMap::default();
    for relation in &cx.registry.relations {
        let (Some(class), Some(target)) = (
            cx.registry.class(relation.class),
            relation.target_index().and_then(|index| cx.registry.class(index)),
        ) else {
            continue;
        };
        if !class.installed {
            continue;
        }
        let others = cache.entry(target.index).or_insert_with(|| {
            let mut by_name: FxHashMap<&str, Vec<&Relation<'_>>> = FxHashMap::default();
            for other in cx.registry.reverse(target.index) {
                if let Some(accessor) = &other.accessor {
                    by_name.entry(accessor).or_default().push(other);
                }
            }
            by_name
        });
        let same = |name: &str| {
            others
                .get(name)
                .into_iter()
                .flatten()
                .filter(|other| other.index != relation.index)
                .copied()
        };
        let pairs = relation
            .accessor
            .as_deref()
            .filter(|_| !relation.hidden)
            .into_iter()
            .flat_map(same)
            .map(|other| (Side::Accessor, other));
        let mut fixes: Option<Vec<Fix>> = None;
        for (side, other) in
            pairs.chain(same(&relation.query_name).map(|other| (Side::Query, other)))
        {
            // Each pair is told from both sides, so a name that very many relations share would fill the memory.
            if told >= MOST {
                return;
            }
            told += 1;
            let count =
                others.get(other.accessor.as_deref().unwrap_or_default()).map_or(2, Vec::len);
            let fixes = fixes.get_or_insert_with(|| ways_out(cx, relation));
            out.push(Diagnostic {
                fixes: fixes.clone(),
                ..report(cx, relation, other, class, target, side, count)
            });
        }
    }
}

/// How many messages are told at most.
const MOST: usize = 5_000;

fn ways_out(cx: &Context<'_>, relation: &Relation<'_>) -> Vec<Fix> {
    let wanted = related::proposal(cx, relation);
    let own = related::rename(cx, relation, &wanted)
        .map(|edits| Fix { title: related::title(relation, &wanted), edits });
    let none = related::rename(cx, relation, "+").filter(|_| !relation.parent_link);
    own.into_iter()
        .chain(none.map(|edits| Fix { title: "Have no way back (`+`)".to_owned(), edits }))
        .collect()
}

#[derive(Clone, Copy)]
enum Side {
    Accessor,
    Query,
}

fn report(
    cx: &Context<'_>,
    relation: &Relation<'_>,
    other: &Relation<'_>,
    class: &Class<'_>,
    target: &Class<'_>,
    side: Side,
    count: usize,
) -> Diagnostic {
    let path = class.path(&relation.name);
    let other_class = cx.registry.class(other.class).map_or("", Class::name);
    let other_path =
        cx.registry.class(other.class).map_or_else(String::new, |class| class.path(&other.name));
    let name = other.accessor.as_deref().unwrap_or_default();
    let (id, message) = match side {
        Side::Accessor => (
            "fields.E304",
            format!(
                "Reverse accessor '{}.{name}' for '{path}' clashes with reverse accessor for '{other_path}'.",
                target.name()
            ),
        ),
        Side::Query => (
            "fields.E305",
            format!(
                "Reverse query name for '{path}' clashes with reverse query name for '{other_path}'."
            ),
        ),
    };
    let snake = names::snake(target.name());
    let how_many = match count {
        0..=2 => "Two".to_owned(),
        3 => "Three".to_owned(),
        more => more.to_string(),
    };
    Diagnostic::check(RULE.name, id, relation.field.map_or(class.model.name.span, related::name_span), message)
        .object(path.clone())
        .subject(class.name(), Some(&relation.name))
        .related(other_class, Some(&other.name), other.field.map(related::name_span))
        .related(target.name(), Some(name), None)
        .hint(format!("Add or change a related_name argument to the definition for '{path}' or '{other_path}'."))
        .cause(format!("{}:{}:{name}", RULE.name, target.name()), format!("{how_many} relations give {} the name `{name}`", target.name()))
        .why(format!(
            "Each relation to {} adds an attribute to it, so that `{snake}.{name}` leads back. `{}.{}` and `{other_class}.{}` ask for the same one, and Django cannot tell which you mean. Give one of them a name of its own.",
            target.name(), class.name(), relation.name, other.name
        ))
}
