//! Fields that stand in each other's way.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::{Member, Span};
use crate::orm::django::registry::{Class, Local};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{on_model, owner, repeats};
use rustc_hash::FxHashMap;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "field-names-clash",
    ids: &["models.E005", "models.E006", "models.E025"],
    docs: DOCS,
};

const DOCS: &str = r#"## What

A field has the name of another field, of another field's raw value (`author_id` beside the foreign key `author`), of something that comes from a parent, or of a property.

## Why

Each name can mean only one thing on an object. A foreign key `author` also takes `author_id`, where it keeps the key itself.

## Example

```python
class Book(models.Model):
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
    author_id = models.IntegerField()
```

## Fix

Remove or rename one of the two. The raw key of `author` is there already: it is `book.author_id`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed() {
        properties(cx, class, out);
        if class.parents.is_empty() && !has_twins(class) {
            continue;
        }
        let mut used: FxHashMap<String, Used> = FxHashMap::default();
        let parents = ancestors(cx, class.index);
        for parent in parents.iter().filter_map(|at| cx.registry.class(*at)) {
            for local in &parent.fields {
                let new = Used::of(parent, local);
                if let Some(old) =
                    used.get(local.name.as_ref()).or_else(|| used.get(local.attname.as_ref()))
                {
                    let message = format!(
                        "The field '{}' from parent model '{}' clashes with the field '{}' from parent model '{}'.",
                        old.name, old.model, new.name, new.model
                    );
                    out.push(
                        on_model(RULE.name, "models.E005", class, class.model.name.span, message)
                            .related(parent.name(), Some(&new.name), new.span)
                            .titled(format!("{} gets `{}` from two parents", class.name(), new.name))
                            .why(format!("{} inherits from models that both have `{}`. On one object the name can mean only one of them.", class.name(), new.name)),
                    );
                }
                used.insert(local.name.to_string(), new.clone());
                used.insert(local.attname.to_string(), new);
            }
        }
        for parent in parents.iter().filter_map(|at| cx.registry.class(*at)) {
            for (owner, local) in cx.registry.all_fields(parent.index) {
                used.insert(local.name.to_string(), Used::of(owner, local));
            }
            for relation in cx.registry.reverse(parent.index) {
                let span = relation.field.map(|field| field.name.span);
                used.insert(
                    relation.query_name.clone(),
                    Used {
                        name: relation.query_name.clone(),
                        model: parent.label_lower(),
                        class: parent.index,
                        span,
                    },
                );
            }
        }
        for (_, place) in &class.parents {
            let Some(link) = place.and_then(|at| class.fields.get(at)) else { continue };
            if let Some(old) = used.get(link.name.as_ref()) {
                out.push(
                    on_model(RULE.name, "models.E006", class, class.model.name.span, format!("The field '{}' clashes with the field '{}' from model '{}'.", link.name, old.name, old.model))
                        .titled(format!("The link `{}` has the name of something else", link.name))
                        .why("Django adds a one-to-one to each parent that has a table, and this one has a name that is taken. A `OneToOneField` of your own with `parent_link=True` can have another."),
                );
            }
        }
        for local in &class.fields {
            if let Some(old) =
                used.get(local.name.as_ref()).or_else(|| used.get(local.attname.as_ref()))
                && !(local.name == "id" && old.name == "id" && old.class == class.index)
            {
                out.push(clash(cx, class, local, old));
            }
            let new = Used::of(class, local);
            used.insert(local.name.to_string(), new.clone());
            used.insert(local.attname.to_string(), new);
        }
    }
}

/// Whether any two names of the class's own fields are equal, raw values included: rare, so that the rest need not look further.
fn has_twins(class: &Class<'_>) -> bool {
    let names = class.fields.iter().flat_map(|local| {
        let attname = Some(local.attname.as_ref()).filter(|attname| *attname != local.name);
        std::iter::once(local.name.as_ref()).chain(attname)
    });
    repeats(names, str::cmp)
}

#[derive(Clone)]
struct Used {
    name: String,
    model: String,
    class: usize,
    span: Option<Span>,
}

impl Used {
    fn of(class: &Class<'_>, local: &Local<'_>) -> Self {
        Self {
            name: local.name.to_string(),
            model: class.label_lower(),
            class: class.index,
            span: local.field.map(|field| field.name.span),
        }
    }
}

/// Django's `_meta.all_parents`.
fn ancestors(cx: &Context<'_>, index: usize) -> Vec<usize> {
    let direct: Vec<usize> = cx
        .registry
        .class(index)
        .map(|class| class.parents.iter().map(|(parent, _)| *parent).collect())
        .unwrap_or_default();
    let mut all = direct.clone();
    for parent in direct {
        for ancestor in ancestors(cx, parent) {
            if !all.contains(&ancestor) {
                all.push(ancestor);
            }
        }
    }
    all
}

fn clash(cx: &Context<'_>, class: &Class<'_>, local: &Local<'_>, old: &Used) -> Diagnostic {
    let message = format!(
        "The field '{}' clashes with the field '{}' from model '{}'.",
        local.name, old.name, old.model
    );
    let span = local.field.map_or(class.model.name.span, |field| field.name.span);
    let owner_name = cx.registry.class(old.class).map_or("", Class::name);
    let raw = old.class == class.index && old.name != local.name;
    let mut found = Diagnostic::check(RULE.name, "models.E006", span, message)
        .object(class.path(&local.name))
        .subject(class.name(), Some(&local.name))
        .related(owner_name, Some(&old.name), old.span)
        .titled(format!("`{}` clashes with `{}`", local.name, old.name))
        .why(if raw {
            format!("A foreign key keeps the key itself in an attribute with `_id` at the end, and its column is called so too. So `{}` and `{}` want the same name.", old.name, local.name)
        } else {
            format!("{} gets `{}` from {owner_name} already, as a field or as a way back. One name cannot mean both.", class.name(), old.name)
        });
    let Some((field, model)) = local.field.zip(owner(cx, local)) else { return found };
    let taken = |name: &str| {
        cx.registry.forward_field(class.index, name).is_some()
            || cx.registry.forward_field(class.index, &format!("{name}_id")).is_some()
    };
    let wanted = names::free(
        &[
            format!("{}_value", local.name.trim_end_matches("_id")),
            format!("{}_number", local.name),
        ],
        taken,
    );
    found =
        found.fix(format!("Remove `{}`", local.name), fix::remove_field(cx.source, model, field));
    found.fix(
        format!("Rename to `{wanted}`"),
        fix::rename_field(cx.source, cx.document, model, field, &wanted)
            .filter(|_| field.relation().is_none()),
    )
}

/// Properties with the name of a foreign key's raw value.
fn properties(cx: &Context<'_>, class: &Class<'_>, out: &mut Vec<Diagnostic>) {
    let members: Vec<(&Class<'_>, &Member)> = class
        .mro
        .iter()
        .filter_map(|at| cx.registry.class(*at))
        .flat_map(|base| base.model.members.iter().map(move |member| (base, member)))
        .collect();
    if members.is_empty() {
        return;
    }
    let place = |index: usize| class.mro.iter().position(|at| *at == index);
    for (owner, local) in cx
        .registry
        .all_fields(class.index)
        .into_iter()
        .filter(|(_, local)| local.relation.is_some())
    {
        // In the class that has the field Django puts the key over the property; only a child's property hides it.
        let hides = |base: &Class<'_>| place(base.index) < place(owner.index);
        let Some((base, member)) =
            members.iter().find(|(base, member)| member.name.text == local.attname && hides(base))
        else {
            continue;
        };
        let before =
            Span::new(base.model.span.start, fix::line_start(cx.source, member.name.span.start))
                .text(cx.source);
        let decorated = before
            .lines()
            .rev()
            .map(str::trim)
            .take_while(|line| line.starts_with('@'))
            .any(|line| line == "@property" || line.ends_with(".setter"));
        if decorated {
            out.push(
                on_model(RULE.name, "models.E025", class, member.name.span, format!("The property '{}' clashes with a related field accessor.", local.attname))
                    .subject(class.name(), Some(&local.name))
                    .titled(format!("The property `{}` hides the key of `{}`", local.attname, local.name))
                    .why(format!("The foreign key `{}` keeps its key in `{}`. With a property of that name Django cannot get at it.", local.name, local.attname)),
            );
        }
    }
}
