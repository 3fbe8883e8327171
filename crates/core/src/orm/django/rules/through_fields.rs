//! `through_fields` that do not name the two foreign keys.

use crate::check::{Diagnostic, Rule};
use crate::check::{Moment, Severity, Stage, fix};
use crate::orm::django::registry::{Local, Relation, Target, Through};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_field;
use crate::orm::django::rules::through;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "through-fields",
    ids: &["fields.E337", "fields.E338", "fields.E339"],
    docs: DOCS,
};

const DOCS: &str = r#"## What

`through_fields` has fewer than two names, a name that the through model lacks, or one that is no foreign key to the right side.

## Why

It says which two foreign keys of the through model make the pair: first the one to the model that declares the relation, then the one to the target.

## Example

```python
workers = models.ManyToManyField(Worker, through="Assignment", through_fields=("worker", "project"))  # the wrong way round
```

## Fix

Name the two foreign keys in order: `through_fields=("project", "worker")`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for relation in
        cx.registry.relations.iter().filter(|relation| {
            matches!(relation.through, Some(Through::Model(Target::Missing(..))))
        })
    {
        crash(cx, relation, out);
    }
    for pairing in through::pairings(cx).filter(|pairing| pairing.class.installed) {
        let Some((fields, span)) = &pairing.spec.through_fields else { continue };
        let (class, field, through) = (pairing.class, pairing.field, pairing.through);
        let span = field.arg("through_fields").map_or(*span, |arg| arg.span);
        let (from, to) = (pairing.keys_from(), pairing.keys_to());
        let right = if pairing.to_itself() {
            (from.first(), from.get(1))
        } else {
            (from.first(), to.first())
        };
        let repair = match right {
            (Some(first), Some(second)) => {
                let value = format!("({}, {})", fix::quote(first), fix::quote(second));
                fix::set(cx.source, field, "through_fields", &value)
                    .map(|edits| (format!("Use `{value}`"), edits))
            }
            _ => None,
        };
        let report = |id, message: String, hint: Option<String>, title: String| {
            let mut found = on_field(RULE.name, id, class, field, span, message)
                .related(through.name(), None, Some(through.model.name.span))
                .titled(title)
                .why(format!("`through_fields` names the two foreign keys of {} that make a pair: first the one to {}, then the one to {}.", through.name(), class.name(), pairing.target_name()));
            found.hint = hint;
            match repair.clone() {
                Some((title, edits)) => found.fix(title, Some(edits)),
                None => found,
            }
        };
        let (Some(first), Some(second)) = (
            fields.first().filter(|name| !name.is_empty()),
            fields.get(1).filter(|name| !name.is_empty()),
        ) else {
            let message = format!(
                "Field specifies 'through_fields' but does not provide the names of the two link fields that should be used for the relation through model '{}'.",
                through.label()
            );
            let hint =
                "Make sure you specify 'through_fields' as through_fields=('field1', 'field2')";
            out.push(report(
                "fields.E337",
                message,
                Some(hint.to_owned()),
                "`through_fields` needs two names".to_owned(),
            ));
            continue;
        };
        for (name, keys, side) in
            [(first, &from, class.name()), (second, &to, pairing.target_name())]
        {
            let hint = (!keys.is_empty()).then(|| {
                format!(
                    "Did you mean one of the following foreign keys to '{side}': {}?",
                    keys.join(", ")
                )
            });
            match cx.registry.forward_field(through.index, name) {
                None => {
                    let message = format!(
                        "The intermediary model '{}' has no field '{name}'.",
                        through.label()
                    );
                    out.push(report(
                        "fields.E338",
                        message,
                        hint,
                        format!("{} has no field `{name}`", through.name()),
                    ));
                }
                // Django looks only at what the field points at: a many-to-many passes.
                Some((_, local))
                    if !keys.iter().any(|key| *key == local.name)
                        && !points_at(cx, local, side) =>
                {
                    let message =
                        format!("'{}.{name}' is not a foreign key to '{side}'.", through.name());
                    out.push(report(
                        "fields.E339",
                        message,
                        hint,
                        format!("`{}.{name}` is no foreign key to {side}", through.name()),
                    ));
                }
                Some(_) => {}
            }
        }
    }
}

/// Whether a many-to-many leads to the class of this name.
fn points_at(cx: &Context<'_>, local: &Local<'_>, name: &str) -> bool {
    let relation = local.relation.and_then(|at| cx.registry.relations.get(at));
    let target = relation.and_then(|relation| cx.registry.class(relation.target_index()?));
    target.is_some_and(|target| target.name() == name)
}

/// With `through_fields` Django looks into the through model without asking whether it exists.
fn crash(cx: &Context<'_>, relation: &Relation<'_>, out: &mut Vec<Diagnostic>) {
    let (Some(class), Some(field)) = (cx.registry.class(relation.class), relation.field) else {
        return;
    };
    let Some((names, span)) = relation.spec().and_then(|spec| spec.through_fields.as_ref()) else {
        return;
    };
    if !class.installed || names.len() < 2 {
        return;
    }
    let mut found = Diagnostic::new(RULE.name, Severity::Error, Stage::Check, *span, "'str' object has no attribute '_meta'")
        .subject(class.name(), Some(&field.name.text))
        .titled(format!("The fields of the through model of `{}` cannot be looked up", field.name.text))
        .why("`through_fields` names fields of the through model, and there is no such model. Django stumbles over that before it can say so.");
    found.exception = Some("AttributeError");
    found.moment = Moment { at: class.index as u32, step: field.span.start };
    out.push(found);
}
