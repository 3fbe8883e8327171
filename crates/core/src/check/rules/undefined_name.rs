//! A name that nothing has defined yet.

use crate::check::{Context, Diagnostic, Rule};
use crate::check::{Moment, fix, names};
use crate::document::Field;

/// The rule.
pub static RULE: Rule = Rule { name: "undefined-name", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The file uses a name before (or without) defining or importing it.

## Why

Python reads the file from top to bottom. A class that stands further down does not exist yet.

## Example

```python
class Book(models.Model):
    author = models.ForeignKey(Author, on_delete=models.CASCADE)

class Author(models.Model):
    ...
```

## Fix

Declare the model further up, or refer to it in the way that the ORM has for models that come later: Django takes its name in quotes, `"Author"`. Other names need an import.
"#;

/// Adds what it finds.
pub fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for name in &cx.document.undefined {
        let text = name.text.as_str();
        let owner = cx.document.models.iter().find(|model| model.span.contains(name.span));
        let field = owner
            .and_then(|model| model.fields.iter().find(|field| field.span.contains(name.span)));
        let target = field.and_then(Field::relation).is_some_and(|relation| {
            relation
                .target
                .iter()
                .chain(&relation.through)
                .any(|target| target.span.contains(name.span))
        });
        let later = cx.document.models.iter().any(|model| model.name.text == text);
        let moment = Moment { at: name.span.start, step: 0 };
        let mut found = Diagnostic::raised(
            RULE.name,
            "NameError",
            moment,
            name.span,
            format!("name '{text}' is not defined"),
        );
        if let Some(model) = owner {
            found = found.subject(&model.name.text, field.map(|field| field.name.text.as_str()));
        }
        let itself = owner.is_some_and(|model| model.name.text == text);
        let reference = || cx.orm.late_reference(text, itself);
        found = if target && (itself || later) {
            let (title, why) = if itself {
                (
                    format!("`{text}` does not exist while it is being declared"),
                    "Python makes the class when it has read its whole body; inside of it the name means nothing yet.".to_owned(),
                )
            } else {
                (
                    format!("`{text}` is used before it is declared"),
                    format!(
                        "Python reads from top to bottom, and here it does not know `{text}` yet."
                    ),
                )
            };
            match reference() {
                Some((written, sentence)) => {
                    found.titled(title).why(format!("{why} {sentence}")).fix(
                        format!("Write `{written}`"),
                        Some(vec![fix::replace(name.span, written)]),
                    )
                }
                None => found.titled(title).why(why),
            }
        } else {
            found
                .titled(format!("Nothing defines `{text}`"))
                .why(format!("Python has to know every name that it comes across. `{text}` is neither defined above nor imported."))
        };
        if !later {
            for (module, names) in cx.orm.profile().imports {
                if names.contains(&text) {
                    let line = if *module == text {
                        format!("import {text}\n")
                    } else {
                        format!("from {module} import {text}\n")
                    };
                    found = found.fix(
                        format!("Add `{}`", line.trim()),
                        Some(vec![fix::insert(import_place(cx), line)]),
                    );
                }
            }
            if cx.orm.profile().on_delete.contains(&text)
                && cx.document.imports.iter().any(|import| import.name == "models")
            {
                found = found.fix(
                    format!("Write `models.{text}`"),
                    Some(vec![fix::insert(name.span.start, "models.")]),
                );
            }
            let known = cx
                .document
                .models
                .iter()
                .map(|model| model.name.text.as_str())
                .filter(|other| target && *other != text);
            if let Some(meant) = names::nearest(text, known) {
                found = found.fix(
                    format!("Did you mean `{meant}`?"),
                    cx.orm
                        .late_reference(meant, owner.is_some_and(|model| model.name.text == meant))
                        .map(|(written, _)| vec![fix::replace(name.span, written)]),
                );
            }
        }
        out.push(found);
    }
}

/// Before the first import; without one before everything.
fn import_place(cx: &Context<'_>) -> u32 {
    cx.document
        .imports
        .iter()
        .map(|import| fix::line_start(cx.source, import.span.start))
        .min()
        .unwrap_or(0)
}
