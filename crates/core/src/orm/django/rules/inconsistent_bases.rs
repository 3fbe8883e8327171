//! Base classes that Python cannot bring into one order.

use rustc_hash::FxHashMap;

use crate::check::{Diagnostic, Moment, Rule};
use crate::orm::django::registry::Class;
use crate::orm::django::rules::Context;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "inconsistent-bases", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A class names a base twice, or one base before another that inherits from it.

## Why

Python looks an attribute up in the bases from left to right, and in a class before its parents. If the order of the bases contradicts that, there is no class.

## Example

```python
class Named(models.Model): ...

class Tag(models.Model, Named): ...  # Named is a Model itself
```

## Fix

Name the child before its parent, or only the child: `class Tag(Named)`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut orders: FxHashMap<usize, Vec<&str>> = FxHashMap::default();
    for class in &cx.registry.classes {
        let (order, refused) = order(cx, class, &orders);
        orders.insert(class.index, order);
        let Some(message) = refused else { continue };
        let place = class.model.bases.first().map_or(class.model.name.span, |base| base.span);
        let moment = Moment { at: class.model.span.end, step: 0 };
        out.push(
            Diagnostic::raised(RULE.name, "TypeError", moment, place, message)
                .subject(class.name(), None)
                .titled(format!("The bases of {} contradict each other", class.name()))
                .why("Python looks names up in a class before its parents, and in its bases from left to right. Here one rule says the opposite of the other."),
        );
    }
}

/// Python's method resolution order by names, and what Python says where there is none. Bases that are no models of the
/// file stand for themselves; `Model` is one like others.
fn order<'r>(
    cx: &'r Context<'_>,
    class: &'r Class<'_>,
    orders: &FxHashMap<usize, Vec<&'r str>>,
) -> (Vec<&'r str>, Option<String>) {
    let last = |path: &'r str| path.rsplit('.').next().unwrap_or(path);
    let bases: Vec<&str> = class.model.bases.iter().map(|base| last(&base.path)).collect();
    for (at, base) in bases.iter().enumerate() {
        if bases.iter().take(at).any(|other| other == base) {
            return (vec![class.name()], Some(format!("duplicate base class {base}")));
        }
    }
    let known = |name: &str| {
        class
            .bases
            .iter()
            .find(|at| cx.registry.class(**at).is_some_and(|base| base.name() == name))
    };
    let chain = |name: &&'r str| match known(name).and_then(|at| orders.get(at)) {
        Some(order) => order.clone(),
        None => vec![*name],
    };
    let mut lists: Vec<Vec<&str>> = bases.iter().map(chain).collect();
    lists.push(bases.clone());
    let mut out = vec![class.name()];
    loop {
        lists.retain(|list| !list.is_empty());
        let heads = || lists.iter().filter_map(|list| list.first().copied());
        let in_no_tail =
            |head: &&str| !lists.iter().any(|list| list.iter().skip(1).any(|other| other == head));
        let Some(next) = heads().find(in_no_tail) else {
            let mut left: Vec<&str> = Vec::new();
            heads().for_each(|head| {
                if !left.contains(&head) {
                    left.push(head)
                }
            });
            let message = format!(
                "Cannot create a consistent method resolution\norder (MRO) for bases {}",
                left.join(", ")
            );
            return (out, (!left.is_empty()).then_some(message));
        };
        out.push(next);
        for list in &mut lists {
            list.retain(|other| *other != next);
        }
    }
}
