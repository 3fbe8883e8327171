//! Text that is not Python.

use crate::check::{Context, Diagnostic, Rule};
use crate::check::{Severity, Stage};

/// The rule.
pub static RULE: Rule = Rule { name: "syntax", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Python cannot read the file.

## Why

A models file is a Python program. Before anything else Python has to understand it, and it stops at the first place that it cannot read.

## Example

```python
class Book(models.Model)
    title = models.CharField(max_length=100)  # the colon is missing above
```

## Fix

Look at the marked place and just before it: often a bracket, a quote or a colon is missing.
"#;

/// Adds what it finds.
pub fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // What follows the first place is often only its consequence, and Python names no more than one.
    let Some(error) = cx.document.syntax.iter().min_by_key(|error| error.span) else { return };
    let mut found = Diagnostic::new(RULE.name, Severity::Error, Stage::Syntax, error.span, error.message.clone())
        .titled("Python cannot read this")
        .why("The text is not Python here. The mistake may stand just before the marked place: a bracket or quote that is not closed, a colon that is missing, or an indentation that does not fit.");
    found.exception = Some("SyntaxError");
    out.push(found);
}
