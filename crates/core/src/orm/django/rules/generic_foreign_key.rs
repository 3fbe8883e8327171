//! The two fields that a generic foreign key is made of.

use crate::check::{Diagnostic, Rule, fix, names};
use crate::document::{Field, RelationKind};
use crate::orm::django::fields;
use crate::orm::django::registry::{Class, Target};
use crate::orm::django::rules::{Context, on_field};
use crate::python::Args;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "generic-foreign-key",
    ids: &["contenttypes.E001", "contenttypes.E002", "contenttypes.E003", "contenttypes.E004"],
    docs: DOCS,
};

const DOCS: &str = r#"## What

A `GenericForeignKey` names a field that does not exist, or one that is no foreign key to `ContentType`.

## Why

It has no column of its own: which table a row points at stands in a foreign key to `ContentType`, which row of it in another field. They are called `content_type` and `object_id` unless the key says otherwise.

## Example

```python
class Tag(models.Model):
    kind = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    item = GenericForeignKey()  # there is no `content_type`
```

## Fix

Name the two fields: `GenericForeignKey("kind", "object_id")`.
"#;

const HINT: &str = "GenericForeignKeys must use a ForeignKey to 'contenttypes.ContentType' as the 'content_type' field.";

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed() {
        let generic = class
            .private
            .iter()
            .filter_map(|local| local.field)
            .filter(|field| field.base == Some("GenericForeignKey"));
        for field in generic {
            let positional =
                fields::known("GenericForeignKey").map_or(&[][..], |known| known.positional);
            let args = Args { written: &field.args, positional, presets: &[] };
            let name = |argument: &str, usual: &'static str| match args.get(argument) {
                None => Some(usual),
                Some(arg) => arg.value.as_str(),
            };
            if let Some(name) = name("fk_field", "object_id")
                && !cx.registry.has_field(class.index, name)
            {
                let message = format!(
                    "The GenericForeignKey object ID references the nonexistent field '{name}'."
                );
                let title = format!("{} has no field `{name}`", class.name());
                out.push(report(cx, class, field, ("contenttypes.E001", name), message, title));
            }
            if let Some(name) = name("ct_field", "content_type") {
                out.extend(content_type(cx, class, field, name));
            }
        }
    }
}

fn content_type(
    cx: &Context<'_>,
    class: &Class<'_>,
    field: &Field,
    name: &str,
) -> Option<Diagnostic> {
    let path = format!("{}.{name}", class.name());
    if !cx.registry.has_field(class.index, name) {
        let message = format!(
            "The GenericForeignKey content type references the nonexistent field '{path}'."
        );
        let title = format!("{} has no field `{name}`", class.name());
        return Some(report(cx, class, field, ("contenttypes.E002", name), message, title));
    }
    let local = cx.registry.forward_field(class.index, name).map(|(_, local)| local);
    let relation = local
        .and_then(|local| cx.registry.relations.get(local.relation?))
        .filter(|relation| relation.kind != RelationKind::ManyToMany);
    let Some(relation) = relation else {
        let message = format!("'{path}' is not a ForeignKey.");
        let title = format!("`{name}` is no foreign key to `ContentType`");
        let found = report(cx, class, field, ("contenttypes.E003", name), message, title);
        return Some(found.hint(HINT));
    };
    let fits = match &relation.target {
        Target::Class(index) => cx
            .registry
            .class(*index)
            .is_some_and(|target| target.foreign && target.name() == "ContentType"),
        // What cannot be looked into may well be it.
        Target::Imported | Target::Unknown | Target::Late(_) => true,
        Target::Abstract(_) | Target::Replaced(_) | Target::Missing(..) => false,
    };
    let message = format!("'{path}' is not a ForeignKey to 'contenttypes.ContentType'.");
    let title = format!("`{name}` is no foreign key to `ContentType`");
    (!fits)
        .then(|| report(cx, class, field, ("contenttypes.E004", name), message, title).hint(HINT))
}

fn report(
    cx: &Context<'_>,
    class: &Class<'_>,
    field: &Field,
    (id, name): (&'static str, &str),
    message: String,
    title: String,
) -> Diagnostic {
    let place = fix::quoted_place(cx.source, field.span, name).unwrap_or(field.span);
    let known = class.locals().filter(|local| local.column.is_some());
    let meant = names::nearest(name, known.map(|local| local.name.as_ref()));
    let edits = |meant: &str| (place != field.span).then(|| vec![fix::replace(place, meant)]);
    let found = on_field(RULE.name, id, class, field, place, message)
        .titled(title)
        .why("A generic foreign key keeps which table it points at in a foreign key to `ContentType`, and which row of that in another field. Both have to be there.");
    match meant.filter(|_| id == "contenttypes.E001" || id == "contenttypes.E002") {
        Some(meant) => found.fix(format!("Did you mean `{meant}`?"), edits(meant)),
        None => found,
    }
}
