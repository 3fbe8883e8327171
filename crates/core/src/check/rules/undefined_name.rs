//! A name that nothing has defined yet.

use crate::check::{Context, Diagnostic, Rule};
use crate::check::{Moment, fix, names};
use crate::document::Field;

/// The rule.
pub static RULE: Rule = Rule { name: "undefined-name", ids: &[], docs: DOCS, check };

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

Write the name of a model in quotes: `"Author"`. Django then looks for it when all models are there. Other names need an import.
"#;

fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
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
        found = if target && itself {
            found
                .titled(format!("`{text}` does not exist while it is being declared"))
                .why("Python makes the class when it has read its whole body; inside of it the name means nothing yet. Django has the word `\"self\"` for that.")
                .fix("Write `\"self\"`", Some(vec![fix::replace(name.span, "\"self\"")]))
        } else if target && later {
            found
                .titled(format!("`{text}` is used before it is declared"))
                .why(format!("Python reads from top to bottom, and here it does not know `{text}` yet. In quotes the name is looked up later, when all models are there."))
                .fix(format!("Write `\"{text}\"`"), Some(vec![fix::replace(name.span, fix::quote(text))]))
        } else {
            found
                .titled(format!("Nothing defines `{text}`"))
                .why(format!("Python has to know every name that it comes across. `{text}` is neither defined above nor imported."))
        };
        if !later {
            for (module, names) in IMPORTS {
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
            if DELETE_RULES.contains(&text)
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
                    Some(vec![fix::replace(name.span, fix::quote(meant))]),
                );
            }
        }
        out.push(found);
    }
}

const DELETE_RULES: &[&str] =
    &["CASCADE", "PROTECT", "RESTRICT", "SET_NULL", "SET_DEFAULT", "SET", "DO_NOTHING"];

const IMPORTS: &[(&str, &[&str])] = &[
    ("django.db", &["models"]),
    ("django.utils", &["timezone"]),
    ("django.conf", &["settings"]),
    (
        "django.contrib.auth.models",
        &["User", "AbstractUser", "AbstractBaseUser", "Group", "Permission"],
    ),
    ("django.contrib.auth", &["get_user_model"]),
    ("django.contrib.contenttypes.models", &["ContentType"]),
    ("django.contrib.contenttypes.fields", &["GenericForeignKey", "GenericRelation"]),
    (
        "django.core.validators",
        &[
            "MinValueValidator",
            "MaxValueValidator",
            "RegexValidator",
            "MinLengthValidator",
            "MaxLengthValidator",
        ],
    ),
    ("uuid", &["uuid"]),
    ("datetime", &["datetime"]),
    ("decimal", &["Decimal"]),
];

/// Before the first import; without one before everything.
fn import_place(cx: &Context<'_>) -> u32 {
    cx.document
        .imports
        .iter()
        .map(|import| fix::line_start(cx.source, import.span.start))
        .min()
        .unwrap_or(0)
}
