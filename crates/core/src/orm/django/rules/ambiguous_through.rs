//! A through model with too many or too few foreign keys.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::{Field, RelationKind};
use crate::edit::{RelationDraft, TextEdit};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_field;
use crate::orm::django::rules::through;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "ambiguous-through",
    ids: &["fields.E333", "fields.E334", "fields.E335", "fields.E336"],
    docs: DOCS,
};

const DOCS: &str = r#"## What

The through model has several foreign keys to one side of the relation, or none.

## Why

A pair needs one foreign key to each side. With two to the same side Django cannot know which one makes the pair.

## Example

```python
class Assignment(models.Model):
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE)
    approved_by = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey("Project", on_delete=models.CASCADE)
```

## Fix

Say which ones: `through_fields=("project", "worker")`. First the key to the model that declares the relation, then the one to the target.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for pairing in through::pairings(cx).filter(|pairing| pairing.class.installed) {
        let (class, field) = (pairing.class, pairing.field);
        let path = class.path(&field.name.text);
        let (from, to) = (pairing.keys_from(), pairing.keys_to());
        let target_name = pairing.target_name();
        let chosen =
            pairing.spec.through_fields.as_ref().is_some_and(|(fields, _)| !fields.is_empty());
        let explain = |id, count_of: &str, message: String, hint: &str| {
            on_field(RULE.name, id, class, field, pairing.span(), message)
                .hint(hint)
                .related(pairing.through.name(), None, Some(pairing.through.model.name.span))
                .titled(format!("{} has several foreign keys to {count_of}", pairing.through.name()))
                .why(format!("A row of {} pairs one {} with one {}. With several foreign keys to {count_of} Django cannot know which of them makes the pair.", pairing.through.name(), class.name(), target_name))
        };
        let recursive = format!(
            "If you want to create a recursive relationship, use ManyToManyField(\"self\", through=\"{}\").",
            pairing.through.name()
        );
        if pairing.to_itself() {
            if from.len() > 2 && !chosen {
                let message = format!(
                    "The model is used as an intermediate model by '{path}', but it has more than two foreign keys to '{}', which is ambiguous. You must specify which two foreign keys Django should use via the through_fields keyword argument.",
                    class.name()
                );
                let mut found = explain(
                    "fields.E333",
                    class.name(),
                    message,
                    "Use through_fields to specify which two foreign keys Django should use.",
                );
                found.object = Some(pairing.through.label());
                if let [first, second, ..] = from.as_slice() {
                    found = choose(cx, field, found, first, second);
                }
                out.push(found);
            }
            continue;
        }
        if from.len() > 1 && !chosen {
            let message = format!(
                "The model is used as an intermediate model by '{path}', but it has more than one foreign key from '{}', which is ambiguous. You must specify which foreign key Django should use via the through_fields keyword argument.",
                class.name()
            );
            let mut found = explain("fields.E334", class.name(), message, &recursive);
            for first in &from {
                if let Some(second) = to.first() {
                    found = choose(cx, field, found, first, second);
                }
            }
            out.push(found);
        }
        if to.len() > 1 && !chosen {
            let message = format!(
                "The model is used as an intermediate model by '{path}', but it has more than one foreign key to '{target_name}', which is ambiguous. You must specify which foreign key Django should use via the through_fields keyword argument."
            );
            let mut found = explain("fields.E335", target_name, message, &recursive);
            for second in &to {
                if let Some(first) = from.first() {
                    found = choose(cx, field, found, first, second);
                }
            }
            out.push(found);
        }
        if from.is_empty() || to.is_empty() {
            let message = format!(
                "The model is used as an intermediate model by '{path}', but it does not have a foreign key to '{}' or '{target_name}'.",
                class.name()
            );
            let mut found =
                on_field(RULE.name, "fields.E336", class, field, pairing.span(), message).related(
                    pairing.through.name(),
                    None,
                    Some(pairing.through.model.name.span),
                );
            found.object = Some(pairing.through.label());
            let lacking: Vec<&str> =
                [(from.is_empty(), class.name()), (to.is_empty(), target_name)]
                    .into_iter()
                    .filter(|(lacks, _)| *lacks)
                    .map(|(_, name)| name)
                    .collect();
            found = found
                .titled(format!("{} has no foreign key to {}", pairing.through.name(), lacking.join(" and ")))
                .why(format!("A row of the through model pairs one {} with one {target_name}, so it needs a foreign key to each.", class.name()))
                .fix("Add the foreign key", add_keys(cx, &pairing, &lacking))
                .fix("Let Django make the table", fix::remove(cx.source, field, "through").filter(|_| field.arg("through_fields").is_none()));
            out.push(found);
        }
    }
}

fn choose(
    cx: &Context<'_>,
    field: &Field,
    found: Diagnostic,
    first: &str,
    second: &str,
) -> Diagnostic {
    let value = format!("({}, {})", fix::quote(first), fix::quote(second));
    let title = format!("Pair `{first}` with `{second}`");
    found.fix(title, fix::set(cx.source, field, "through_fields", &value))
}

fn add_keys(
    cx: &Context<'_>,
    pairing: &through::Pairing<'_>,
    lacking: &[&str],
) -> Option<Vec<TextEdit>> {
    let model = pairing.through.model;
    let last = model.fields.last()?;
    let indent = fix::indent(cx.source, last.span.start);
    let mut text = String::new();
    for name in lacking {
        let field = names::snake(name);
        // Nor may an heir have such a field: Django refuses one that stands in its parent, too.
        let heirs =
            cx.registry.classes.iter().filter(|class| class.mro.contains(&pairing.through.index));
        if cx.registry.forward_field(pairing.through.index, &field).is_some()
            || heirs.flat_map(|class| class.locals()).any(|local| local.name == field)
            || !cx.registry.installed().any(|class| class.name() == *name)
        {
            return None;
        }
        let relation = RelationDraft {
            name: field.clone(),
            kind: RelationKind::ForeignKey,
            target: (*name).to_owned(),
            related_name: None,
            null: false,
            on_delete: Some("CASCADE".to_owned()),
            through: crate::edit::ThroughDraft::Automatic,
        };
        text.push_str(&format!(
            "\n{indent}{}",
            cx.orm.write_relation(cx.document, model, &relation).statement(&field)
        ));
    }
    Some(vec![fix::insert(last.span.end, text)])
}
