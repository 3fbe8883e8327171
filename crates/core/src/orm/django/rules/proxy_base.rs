//! A proxy that stands for nothing, or for too much.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::moments::{self, Step};
use crate::orm::django::rules::option_span;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "proxy-base", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A proxy model has no parent with a table, more than one, or an abstract parent with fields.

## Why

A proxy is another view of one table. It needs exactly one model whose table that is, and cannot add columns to it.

## Example

```python
class Shadow(models.Model):
    class Meta:
        proxy = True
```

## Fix

Derive it from the model that it stands for, or remove `proxy = True`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.classes.iter().filter(|class| class.is_proxy()) {
        // An imported base may be the model that it stands for.
        let known = |path: &str| {
            path.ends_with("Model") || cx.registry.classes.iter().any(|other| other.name() == path)
        };
        if !class.model.bases.iter().all(|base| known(&base.path)) {
            continue;
        }
        let direct = class.model.bases.iter().filter_map(|base| {
            cx.registry.classes.get(..class.index)?.iter().rfind(|other| other.name() == base.path)
        });
        let mut stands_for: Option<usize> = None;
        let mut problem = None;
        for base in direct {
            if base.is_abstract() {
                if !base.fields.is_empty() {
                    problem = Some(format!(
                        "Abstract base class containing model fields not permitted for proxy model '{}'.",
                        class.name()
                    ));
                    break;
                }
                continue;
            }
            let concrete = cx.registry.concrete(base.index);
            if stands_for.is_some_and(|other| other != concrete) {
                problem = Some(format!(
                    "Proxy model '{}' has more than one non-abstract model base class.",
                    class.name()
                ));
                break;
            }
            stands_for = Some(concrete);
        }
        let Some(message) = problem.or_else(|| {
            stands_for.is_none().then(|| {
                format!("Proxy model '{}' has no non-abstract model base class.", class.name())
            })
        }) else {
            continue;
        };
        out.push(
            Diagnostic::raised(RULE.name, "TypeError", moments::class(class.model, Step::Proxy), option_span(class.model, "proxy"), message)
                .subject(class.name(), None)
                .titled(format!("The proxy {} does not stand for exactly one model", class.name()))
                .why("A proxy is another view of the rows of one model. It is derived from that model, and adds methods but no columns.")
                .fix("Make it a model of its own", fix::remove_option(cx.source, class.model, "proxy")),
        );
    }
}
