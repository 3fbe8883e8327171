//! Text that is not Python.

use crate::check::{Context, Diagnostic, Rule};
use crate::check::{Severity, Stage};
use crate::document::SyntaxError;

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
    let Some(message) = indentation(cx.source, error) else {
        let message = error.message.clone();
        let why = if message.contains("outside") {
            "The text is Python, but not at this place. A file of models is imported as a whole, unlike the cells of a notebook: what waits, returns or stops a loop belongs into a function or loop, and calls that use the models into a script of their own."
        } else if message.starts_with("keyword argument repeated") {
            "Python does not know which of the two to take."
        } else {
            "The text is not Python here. The mistake may stand just before the marked place: a bracket or quote that is not closed, a colon that is missing, or an indentation that does not fit."
        };
        let found = Diagnostic::new(RULE.name, Severity::Error, Stage::Syntax, error.span, message)
            .titled("Python cannot read this")
            .why(why);
        out.push(Diagnostic { exception: Some("SyntaxError"), ..found });
        return;
    };
    let found = Diagnostic::new(RULE.name, Severity::Error, Stage::Syntax, error.span, message)
        .titled("The indentation does not fit")
        .why("What belongs to a class or a block stands indented below it, all of it by the same width. Where a web page has broken the lines of an example, put each `name = …` on one line again, four spaces below its class.");
    out.push(Diagnostic { exception: Some("IndentationError"), ..found });
}

/// What CPython says, where it speaks of indentation (`django/410`).
fn indentation(source: &str, error: &SyntaxError) -> Option<String> {
    match error.message.as_str() {
        "Unexpected indentation" => return Some("unexpected indent".into()),
        message @ "unindent does not match any outer indentation level" => {
            return Some(message.to_owned());
        }
        _ => {}
    }
    let after = error.message.strip_prefix("Expected an indented block after ")?;
    let (keyword, named) = match after.split('`').nth(1) {
        Some("class") => ("class", "class definition".to_owned()),
        Some(keyword) => (keyword, format!("'{keyword}' statement")),
        None => ("def", "function definition".to_owned()),
    };
    // The line where the statement begins, which may be some lines above its colon.
    let opens =
        |line: &str| line.split(|sign: char| !sign.is_alphanumeric()).any(|word| word == keyword);
    let before = source.get(..error.span.start as usize)?;
    let line = before.lines().enumerate().filter(|(_, line)| opens(line)).last()?.0 + 1;
    Some(format!("expected an indented block after {named} on line {line}"))
}
