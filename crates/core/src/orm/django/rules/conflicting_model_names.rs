//! Two models whose names differ only in case.

use crate::check::{Diagnostic, Rule};
use crate::check::{Severity, Stage};
use crate::document::Span;
use crate::orm::django::registry::APP;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::moments::{self, Step};
use rustc_hash::FxHashMap;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "conflicting-model-names", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Two classes have names that are equal but for upper and lower case.

## Why

Django registers models by their name in lower case, and their tables are named so too. It cannot hold both.

## Example

```python
class Tag(models.Model): ...

class TAG(models.Model): ...
```

## Fix

Rename one of them: a model is known by its name in lower case.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut names: FxHashMap<String, (String, Span)> = FxHashMap::default();
    for class in
        cx.registry.classes.iter().filter(|class| !class.is_abstract() && class.app() == APP)
    {
        let generated =
            class.many.iter().filter_map(|local| cx.registry.generated_for(local.relation?));
        let made = generated.map(|made| (made.name.clone(), class.model.name.span));
        for (name, span) in
            made.chain(std::iter::once((class.name().to_owned(), class.model.name.span)))
        {
            let moment = moments::class(class.model, Step::Register);
            let before = names.insert(name.to_lowercase(), (name.clone(), span));
            let Some((first, first_span)) = before else { continue };
            if first == name {
                let message = format!(
                    "Model '{APP}.{}' was already registered. Reloading models is not advised as it can lead to inconsistencies, most notably with related models.",
                    name.to_lowercase()
                );
                let mut found = Diagnostic::new(RULE.name, Severity::Warning, Stage::Import, span, message)
                    .subject(class.name(), None)
                    .related(&first, None, Some(first_span))
                    .titled(format!("There are two classes named `{name}`"))
                    .why(format!("The second takes the place of the first. Relations that were made with the first `{name}` go on pointing at a class that Django no longer knows."));
                found.exception = Some("RuntimeWarning");
                found.moment = moment;
                out.push(found);
            } else {
                let message = format!(
                    "Conflicting '{}' models in application '{APP}': <class '{APP}.models.{first}'> and <class '{APP}.models.{name}'>.",
                    name.to_lowercase()
                );
                out.push(
                    Diagnostic::raised(RULE.name, "RuntimeError", moment, span, message)
                        .subject(class.name(), None)
                        .related(&first, None, Some(first_span))
                        .titled(format!("`{first}` and `{name}` differ only in case"))
                        .why("Django knows models by their name in lower case, and names their tables so. Two such models cannot live in one app."),
                );
            }
        }
    }
}
