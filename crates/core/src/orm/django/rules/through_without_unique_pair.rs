//! A through model that allows a pair twice.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::orm::django::registry::{Class, Local};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::through;
use rustc_hash::FxHashSet;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "through-without-unique-pair", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Nothing keeps the through model of a many-to-many from holding the same pair twice.

## Why

The table that Django makes by itself has each pair once. A model of your own has only the constraints that you give it, and a doubled pair shows as a doubled object.

## Example

```python
class Enrollment(models.Model):
    student = models.ForeignKey(Student, on_delete=models.CASCADE)
    course = models.ForeignKey("Course", on_delete=models.CASCADE)
```

## Fix

Add a `UniqueConstraint` on the two foreign keys, unless a pair may really occur more than once (a student who takes a course again).
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut told = FxHashSet::default();
    for pairing in through::pairings(cx)
        .filter(|pairing| pairing.class.installed && !pairing.through.is_proxy())
    {
        let (from, to) = (pairing.keys_from(), pairing.keys_to());
        let chosen = pairing
            .spec
            .through_fields
            .as_ref()
            .map(|(fields, _)| fields.as_slice())
            .unwrap_or_default();
        let pair = match (chosen, from.as_slice(), to.as_slice()) {
            ([first, second, ..], ..) => (first.as_str(), second.as_str()),
            ([], [first, second], _) if pairing.to_itself() => (*first, *second),
            ([], [first], [second]) if !pairing.to_itself() => (*first, *second),
            _ => continue,
        };
        let through = pairing.through;
        // `through_fields` may name what has no column, and then there is no pair to be unique.
        let columns = |local: &&Local<'_>| local.column.is_some();
        let found = [pair.0, pair.1].into_iter().filter_map(|name| through.local(name));
        let keys: Vec<&Local<'_>> = found.filter(columns).collect();
        let [first, second] = keys.as_slice() else { continue };
        let within = |fields: &[String]| {
            !fields.is_empty()
                && fields.iter().all(|field| [pair.0, pair.1].contains(&field.as_str()))
        };
        let unique = through.meta.uniques.iter().any(|unique| {
            unique.condition.is_none() && unique.expressions.is_empty() && within(&unique.fields)
        }) || keys
            .iter()
            .any(|key| key.primary_key || key.field.is_some_and(|field| field.unique))
            || composite(through, within);
        if unique || !told.insert((through.index, pair.0.to_owned(), pair.1.to_owned())) {
            continue;
        }
        let name = names::free(
            &[
                format!("unique_{}", names::snake(through.name())),
                format!("unique_{}_{}", pair.0, pair.1),
            ],
            |name| {
                cx.registry
                    .classes
                    .iter()
                    .flat_map(|class| &class.meta.uniques)
                    .any(|unique| unique.name.as_deref() == Some(name))
            },
        );
        let constraint = format!(
            "models.UniqueConstraint(fields=[{}, {}], name={})",
            fix::quote(pair.0),
            fix::quote(pair.1),
            fix::quote(&name)
        );
        let module = cx.document.imports.iter().any(|import| import.name == "models");
        out.push(
            Diagnostic::advice(RULE.name, through.model.name.span, format!("'{}' may hold the same pair of '{}' and '{}' twice.", through.label(), pair.0, pair.1))
                .object(through.label())
                .subject(through.name(), None)
                .related(through.name(), Some(pair.0), first.field.map(|field| field.name.span))
                .related(through.name(), Some(pair.1), second.field.map(|field| field.name.span))
                .related(pairing.class.name(), Some(&pairing.field.name.text), Some(pairing.field.name.span))
                .titled(format!("{} may hold the same pair twice", through.name()))
                .why(format!("The table that Django makes by itself has each pair once. Nothing says so for {}: two rows with the same `{}` and `{}` would show the same object twice. If that is meant, leave it.", through.name(), pair.0, pair.1))
                .fix("Make the pair unique", fix::add_to_meta(cx.source, through.model, "constraints", &constraint).filter(|_| module)),
        );
    }
}

fn composite(through: &Class<'_>, within: impl Fn(&[String]) -> bool) -> bool {
    through
        .model
        .meta
        .primary_key
        .as_ref()
        .is_some_and(|key| within(&key.iter().map(|name| name.text.clone()).collect::<Vec<_>>()))
}
