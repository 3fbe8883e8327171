//! A proxy that cannot be one.

use super::{Context, report};
use crate::check::{Diagnostic, Rule};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "proxy", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model with `proxy=True` has no single model with a table to stand for, or declares fields.

## Why

A proxy uses the table of the model that it derives from, and brings nothing of its own into it.

## Example

```python
class Base(ormar.Model):
    ormar_config = base_ormar_config.copy(abstract=True)
    id: int = ormar.Integer(primary_key=True)

class View(Base):
    ormar_config = base_ormar_config.copy(proxy=True)
```

## Fix

Derive from one model with a table, and declare no fields.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::Proxy) {
        out.push(
            report(cx, &RULE, problem)
                .titled(format!("`{}` cannot be a proxy", cx.world.name(problem.class)))
                .why("A proxy is another view of one model's table: it derives from exactly that model, has no fields of its own, and is not abstract."),
        );
    }
}
