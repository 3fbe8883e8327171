//! Names of indexes and constraints.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::{IndexSpec, Span};
use crate::orm::django::registry::Class;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_model;
use std::collections::{BTreeSet, HashMap};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "index-names",
    ids: &[
        "models.E029",
        "models.E030",
        "models.E031",
        "models.E032",
        "models.E033",
        "models.E034",
    ],
    docs: DOCS,
};

const DOCS: &str = r#"## What

The name of an index or constraint is used twice, too long, or starts with an underscore or a digit.

## Why

Databases know indexes and constraints by name, in one namespace for all tables, and not all allow long names.

## Example

```python
indexes = [models.Index(fields=["title"], name="idx"), models.Index(fields=["year"], name="idx")]
```

## Fix

Give each a name of its own of at most 30 characters. In an abstract class write `%(class)s` into it.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut indexes = Names::default();
    let mut constraints = Names::default();
    for class in cx.registry.installed() {
        let fill = |name: &str| {
            name.replace("%(class)s", &class.name().to_lowercase())
                .replace("%(app_label)s", &class.app().to_lowercase())
        };
        for index in &class.meta.indexes {
            let Some(name) = index.name.as_deref().map(fill) else { continue };
            if class.installed {
                form(cx, class, index, &name, out);
            }
            indexes.add(name, class, index.span);
        }
        for unique in class.meta.uniques.iter().filter(|unique| unique.constraint) {
            if let Some(name) = unique.name.as_deref().map(fill) {
                constraints.add(name, class, unique.span);
            }
        }
        for check in &class.meta.checks {
            if let Some(name) = check.name.as_deref().map(fill) {
                constraints.add(name, class, check.span);
            }
        }
    }
    indexes.report("index", ["models.E029", "models.E030"], out);
    constraints.report("constraint", ["models.E031", "models.E032"], out);
}

fn form(
    cx: &Context<'_>,
    class: &Class<'_>,
    index: &IndexSpec,
    name: &str,
    out: &mut Vec<Diagnostic>,
) {
    let declared = index.name.as_deref().unwrap_or_default();
    let place = fix::quoted_place(cx.source, index.span, declared);
    let rename = |wanted: &str| {
        place.filter(|_| declared == name).map(|place| vec![fix::replace(place, wanted)])
    };
    if name.starts_with('_') || name.starts_with(|letter: char| letter.is_numeric()) {
        let wanted =
            name.trim_start_matches(|letter: char| letter == '_' || letter.is_numeric()).to_owned();
        let wanted = if wanted.is_empty() { "idx".to_owned() } else { wanted };
        out.push(
            on_model(
                RULE.name,
                "models.E033",
                class,
                place.unwrap_or(index.span),
                format!("The index name '{name}' cannot start with an underscore or a number."),
            )
            .titled(format!("The index `{name}` does not start with a letter"))
            .why("Not all databases allow such names, so Django allows them nowhere.")
            .fix(format!("Rename to `{wanted}`"), rename(&wanted)),
        );
    }
    if name.chars().count() > 30 {
        let wanted: String = name.chars().take(30).collect();
        out.push(
            on_model(RULE.name, "models.E034", class, place.unwrap_or(index.span), format!("The index name '{name}' cannot be longer than 30 characters."))
                .titled(format!("The name of the index `{name}` is too long"))
                .why("Some databases allow 30 characters for the name of an index, so Django allows no more anywhere.")
                .fix(format!("Shorten to `{wanted}`"), rename(&wanted)),
        );
    }
}

/// Names in order, each with the models that use it.
#[derive(Default)]
struct Names<'r> {
    order: Vec<(String, Vec<(&'r Class<'r>, Span)>)>,
    places: HashMap<String, usize>,
}

impl<'r> Names<'r> {
    fn add(&mut self, name: String, class: &'r Class<'r>, span: Span) {
        let at = *self.places.entry(name.clone()).or_insert_with(|| {
            self.order.push((name, Vec::new()));
            self.order.len() - 1
        });
        if let Some((_, users)) = self.order.get_mut(at) {
            users.push((class, span));
        }
    }

    fn report(
        self,
        what: &str,
        [same_model, among_models]: [&'static str; 2],
        out: &mut Vec<Diagnostic>,
    ) {
        for (name, users) in self.order.into_iter().filter(|(_, users)| users.len() > 1) {
            let labels: BTreeSet<String> = users.iter().map(|(class, _)| class.label()).collect();
            let (id, where_) = if labels.len() == 1 {
                (same_model, "for model")
            } else {
                (among_models, "among models:")
            };
            let listed: Vec<&str> = labels.iter().map(String::as_str).collect();
            let Some(((last, span), others)) = users.split_last() else { continue };
            let mut found = Diagnostic::check(RULE.name, id, *span, format!("{what} name '{name}' is not unique {where_} {}.", listed.join(", ")))
                .subject(last.name(), None)
                .cause(format!("{}:{what}:{name}", RULE.name), format!("The {what} name `{name}` is used {} times", users.len()))
                .why(format!("Databases know each {what} by its name, for all tables together. In an abstract class write `%(class)s` into the name, so that each child gets one of its own."));
            for (class, span) in others {
                found = found.related(class.name(), None, Some(*span));
            }
            out.push(found);
        }
    }
}
