//! The package `databases`, which ormar does not bring any more.

use super::Context;
use crate::check::{Diagnostic, Moment, Rule};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "removed-package", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The file imports `databases`.

## Why

ormar needed that package until 0.20; it now connects by itself, and does not install it.

## Example

```python
import databases

database = databases.Database("sqlite:///db.sqlite")
```

## Fix

Use `ormar.DatabaseConnection("sqlite+aiosqlite:///db.sqlite")`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for import in &cx.document.imports {
        if import.path != "databases" && !import.path.starts_with("databases.") {
            continue;
        }
        let moment = Moment { at: import.span.start, step: 0 };
        out.push(
            Diagnostic::raised(RULE.name, "ModuleNotFoundError", moment, import.span, "No module named 'databases'")
                .titled("ormar does not bring `databases` any more")
                .why("Since 0.20 ormar connects by itself: `ormar.DatabaseConnection(\"sqlite+aiosqlite:///db.sqlite\")`, with an asynchronous driver in the address. The package `databases` is not installed with it.")
                .fix("Connect with ormar", super::old_meta::connect(cx)),
        );
    }
}
