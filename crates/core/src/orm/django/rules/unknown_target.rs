//! A relation to a model that does not exist.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::{Field, TargetForm};
use crate::orm::django::registry::{Class, Relation, Target, Through};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_field;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unknown-target",
    ids: &["fields.E300", "fields.E301", "fields.E307"],
    docs: DOCS,
};

const DOCS: &str = r#"## What

The model that a relation names is not declared, or it is abstract.

## Why

A foreign key refers to the rows of a table. Without the model there is no table, and an abstract class has none.

## Example

```python
event = models.ForeignKey("Concert", on_delete=models.CASCADE)  # there is no Concert
```

## Fix

Correct the name, or declare the model. For an abstract class name one of its children.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for relation in &cx.registry.relations {
        let Some(class) = cx.registry.class(relation.class) else { continue };
        let Some(field) = relation.field else {
            out.extend(replaced_parent(cx, class, relation));
            continue;
        };
        if let Some(target) = relation.target_index().and_then(|at| cx.registry.class(at))
            && target.swapped
            && class.installed
        {
            out.push(swapped(class, field, target));
            continue;
        }
        let Some(missing) = missing(cx, class, relation) else { continue };
        if let Some((app, name)) = &missing.lazy {
            let generated = relation.through == Some(Through::Generated);
            let key = generated.then(|| {
                let to = if *name == class.name().to_lowercase() {
                    format!("to_{name}")
                } else {
                    name.clone()
                };
                format!("{}.{}_{}.{to}", class.app(), class.name(), relation.name)
            });
            let why = if app == class.app() {
                format!("app '{app}' doesn't provide model '{name}'")
            } else {
                format!("app '{app}' isn't installed")
            };
            for path in std::iter::once(class.path(&relation.name)).chain(key) {
                let message = format!(
                    "The field {path} was declared with a lazy reference to '{app}.{name}', but {why}."
                );
                out.push(Diagnostic {
                    object: Some(path),
                    ..explain(cx, class, field, &missing, "fields.E307", message)
                });
            }
        }
        if class.installed {
            let message = format!(
                "Field defines a relation with model '{}', which is either not installed, or is abstract.",
                missing.shown
            );
            out.push(explain(cx, class, field, &missing, "fields.E300", message));
        }
    }
}

/// The link that Django makes to a parent, when a later class has taken the parent's name.
fn replaced_parent(
    cx: &Context<'_>,
    class: &Class<'_>,
    relation: &Relation<'_>,
) -> Option<Diagnostic> {
    let Target::Replaced(at) = relation.target else { return None };
    let parent = cx.registry.class(at).filter(|parent| class.installed && !parent.foreign)?;
    let name = parent.name();
    let message = format!(
        "Field defines a relation with model '{name}', which is either not installed, or is abstract."
    );
    let found = Diagnostic::check(RULE.name, "fields.E300", class.model.name.span, message);
    Some(found
        .object(class.path(&relation.name))
        .subject(class.name(), None)
        .titled(format!("A later class replaces the `{name}` that {} inherits from", class.name()))
        .why(format!("There are two classes named `{name}`. Django keeps the last one, and the rows of {} are joined to those of the first.", class.name())))
}

/// A model that says that a setting may name another in its place, and the setting does.
fn swapped(class: &Class<'_>, field: &Field, target: &Class<'_>) -> Diagnostic {
    let span = field.relation().and_then(|relation| relation.target.as_ref());
    let span = span.map_or(field.span, |target| target.span);
    let message = format!(
        "Field defines a relation with the model '{}', which has been swapped out.",
        target.label()
    );
    on_field(RULE.name, "fields.E301", class, field, span, message)
        .hint("Update the relation to point at 'settings.AUTH_USER_MODEL'.")
        .titled(format!("Another model takes the place of {}", target.name()))
        .why(format!("`Meta.swappable` of {} says that the setting `AUTH_USER_MODEL` names the model of users, and by default that is `auth.User`. A relation has to go by the setting.", target.name()))
}

struct Missing {
    /// The name as the ORM's message has it.
    shown: String,
    /// App and name in lower case that the ORM waits for in vain.
    lazy: Option<(String, String)>,
    /// What is wrong with the class, where there is one.
    class: Option<usize>,
}

fn missing(cx: &Context<'_>, owner: &Class<'_>, relation: &Relation<'_>) -> Option<Missing> {
    let written = relation.spec()?.target.as_ref()?;
    match &relation.target {
        // The name of an abstract class says what is wrong, whichever way it is written.
        Target::Missing(app, name) => Some(Missing {
            class: cx
                .registry
                .classes
                .iter()
                .find(|class| class.is_abstract() && class.name() == name && class.app() == app)
                .map(|class| class.index),
            shown: match written.form {
                TargetForm::Class => format!("{app}.{name}"),
                TargetForm::Text | TargetForm::Itself => written.text.clone(),
            },
            lazy: Some((app.clone(), name.to_lowercase())),
        }),
        Target::Abstract(index) => {
            let class = cx.registry.class(*index)?;
            Some(Missing {
                shown: class.name().to_owned(),
                lazy: Some((class.app().to_owned(), class.name().to_lowercase())),
                class: Some(*index),
            })
        }
        Target::Replaced(index) if owner.installed => Some(Missing {
            shown: cx.registry.class(*index)?.name().to_owned(),
            lazy: None,
            class: Some(*index),
        }),
        Target::Replaced(_)
        | Target::Class(_)
        | Target::Imported
        | Target::Late(_)
        | Target::Unknown => None,
    }
}

fn explain(
    cx: &Context<'_>,
    class: &Class<'_>,
    field: &Field,
    missing: &Missing,
    id: &'static str,
    message: String,
) -> Diagnostic {
    let target = field.relation().and_then(|relation| relation.target.as_ref());
    let span = target.map_or(field.span, |target| target.span);
    let mut found = on_field(RULE.name, id, class, field, span, message);
    let name = missing.shown.rsplit('.').next().unwrap_or_default().to_owned();
    match missing.class.and_then(|index| cx.registry.class(index)) {
        Some(class) if class.is_abstract() => {
            found = found
                .titled(format!("`{name}` is abstract and has no table"))
                .why(format!("`{name}` only lends its fields to its children; it has no rows to which `{}` could point. Point at one of its children, or make it a model of its own.", field.name.text));
            let heirs = cx.registry.installed().filter(|heir| {
                heir.mro.contains(&class.index) && heir.app() == crate::orm::django::registry::APP
            });
            for heir in heirs.take(3) {
                found = found.fix(
                    format!("Point at `{}`", heir.name()),
                    Some(vec![fix::replace(span, fix::quote(heir.name()))]),
                );
            }
        }
        Some(_) => {
            found = found
                .titled(format!("A later class replaces the `{name}` that is meant here"))
                .why(format!("There are two classes named `{name}`. Django keeps the last one, and this relation was made with the first."))
                .fix("Point at the last one", Some(vec![fix::replace(span, fix::quote(&name))]).filter(|_| false));
        }
        None => {
            let others: Vec<&str> = cx.registry.installed().map(Class::name).collect();
            let same = missing
                .shown
                .contains('.')
                .then(|| others.iter().copied().find(|other| other.eq_ignore_ascii_case(&name)))
                .flatten();
            found = found
                .titled(format!("There is no model `{}`", missing.shown))
                .why(format!("`{}` points at the rows of `{}`, and no model of that name is declared here. Relations in strings are looked up when Django starts, so a slip shows only then.", field.name.text, missing.shown));
            if let Some(meant) = same.or_else(|| names::nearest(&name, others.iter().copied())) {
                found = found.fix(
                    format!("Did you mean `{meant}`?"),
                    Some(vec![fix::replace(span, fix::quote(meant))]),
                );
            }
            if names::is_identifier(&name) && !missing.shown.contains('.') {
                let at = class.model.span.start;
                let text = format!("{}\n\n\n", cx.orm.write_model(cx.document, &name));
                let at = fix::line_start(cx.source, at);
                found = found.fix(
                    format!("Add the model `{name}`"),
                    Some(vec![fix::insert(at, text)])
                        .filter(|_| fix::indent(cx.source, class.model.span.start).is_empty()),
                );
            }
        }
    }
    found
}
