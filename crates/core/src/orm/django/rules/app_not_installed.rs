//! A model of one of Django's own apps that is not installed.

use crate::check::{Diagnostic, Moment, Rule};
use crate::document::{Import, Project};
use crate::orm::django::rules::Context;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "app-not-installed", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The file imports a model of one of Django's own apps, which has to be installed for that.

## Why

Django knows models by their apps. A model of an app that is not among `INSTALLED_APPS` cannot even be imported: `RuntimeError: Model class … doesn't declare an explicit app_label`.

## Example

```python
from django.contrib.sites.models import Site
```

## Fix

Add the app to `INSTALLED_APPS`: `"django.contrib.sites"`.
"#;

/// Apps that need installing, each with the first model that its `models` module declares or imports. What is always there
/// (`auth`, `contenttypes`) is none of them.
const APPS: &[(&str, &str, Start)] = &[
    ("admin", "admin.models.LogEntry", Start::Usual),
    ("sessions", "sessions.models.Session", Start::Usual),
    ("sites", "sites.models.Site", Start::Added),
    ("flatpages", "sites.models.Site", Start::Added),
    ("redirects", "sites.models.Site", Start::Added),
];

/// Whether `startproject` installs an app.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Usual,
    Added,
}

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for import in &cx.document.imports {
        let Some((app, model, start)) = app(import) else { continue };
        match (cx.document.project, start) {
            (Project::Usual, Start::Usual) => {}
            // Whether a project has added it is not to be seen here.
            (Project::Usual, Start::Added) => out.push(
                Diagnostic::advice(RULE.name, import.span, format!("django.contrib.{app} has to be installed."))
                    .titled(format!("`django.contrib.{app}` has to be installed"))
                    .why(format!("`startproject` does not install it, and without it this import raises: Django does not know a model's app then. Add `\"django.contrib.{app}\"` to `INSTALLED_APPS`.")),
            ),
            (Project::Apps | Project::Bare, Start::Usual | Start::Added) => {
                let moment = Moment { at: import.span.end, step: 0 };
                let message = format!("Model class django.contrib.{model} doesn't declare an explicit app_label and isn't in an application in INSTALLED_APPS.");
                out.push(
                    Diagnostic::raised(RULE.name, "RuntimeError", moment, import.span, message)
                        .titled(format!("`django.contrib.{app}` is not installed"))
                        .why(format!("Django knows models by their apps, and has none for those of an app that is not among `INSTALLED_APPS`. Add `\"django.contrib.{app}\"` there.")),
                );
            }
        }
    }
}

fn app(import: &Import) -> Option<(&'static str, &'static str, Start)> {
    let (app, module) = import.path.strip_prefix("django.contrib.")?.split_once('.')?;
    let of_models = module == "models" || module.starts_with("models.");
    APPS.iter().copied().find(|(known, _, _)| of_models && *known == app)
}
