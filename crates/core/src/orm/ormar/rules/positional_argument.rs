//! A positional argument where only keywords are taken.

use super::{Context, advice, raised_by_call};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::ormar::fields::{self, Positional};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "positional-argument", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field class is given an argument without a name.

## Why

Most of ormar's field classes take keywords only, and Python refuses the call. `Boolean`, `Date` and `JSON` pass over such arguments in silence.

## Example

```python
class Author(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    name: str = ormar.String(100)
```

## Fix

Write the name of the argument: `ormar.String(max_length=100)`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in cx.made() {
        let Some(known) = field.base.and_then(fields::known) else { continue };
        let given = field.args.iter().filter(|arg| arg.keyword.is_none()).count();
        let allowed = match known.positional {
            Positional::Named(names) => names.len(),
            Positional::Ignored => 0,
        };
        let Some(extra) = field.args.iter().filter(|arg| arg.keyword.is_none()).nth(allowed) else {
            continue;
        };
        let index = field.args.iter().position(|arg| arg.span == extra.span);
        let edits = index
            .filter(|_| given == allowed + 1)
            .and_then(|index| fix::remove_argument(cx.source, &field.args, index));
        if known.positional == Positional::Ignored {
            let text = extra.span.text(cx.source);
            out.push(
                advice(
                    &RULE,
                    model,
                    field,
                    extra.span,
                    format!("{} passes over {text}.", known.name),
                )
                .titled(format!(
                    "`{}` takes no argument without a name, and passes over it",
                    known.name
                ))
                .why("The argument has no effect. ormar's field classes take keywords only.")
                .fix("Take it away", edits),
            );
            continue;
        }
        let mut found = raised_by_call(
            &RULE,
            "TypeError",
            (model, field),
            extra.span,
            message(known, given, field),
        )
        .titled(format!("`{}` takes its arguments by name", known.name))
        .why("Python refuses arguments without a name that the class does not ask for.");
        // `String(100)` is plain enough.
        let length = known.name == "String" && given == 1 && field.arg("max_length").is_none();
        found = if length {
            found.fix(
                "Write `max_length=`",
                Some(vec![fix::insert(extra.span.start, "max_length=")]),
            )
        } else {
            found.fix("Take it away", edits)
        };
        out.push(found);
    }
}

/// CPython's message, with its plurals.
fn message(known: &fields::Known, given: usize, field: &crate::document::Field) -> String {
    let method = known.shape == fields::Shape::Column;
    let Positional::Named(names) = known.positional else { return String::new() };
    let own = usize::from(method);
    let (takes, given) = (names.len() + own, given + own);
    // Only those keywords count that the class itself has.
    let keywords = field
        .args
        .iter()
        .filter_map(|arg| arg.keyword.as_deref())
        .filter(|name| is_own(known, name))
        .count();
    let plural = |number: usize| if number == 1 { "" } else { "s" };
    let callee =
        if method { format!("{}.__new__()", known.name) } else { format!("{}()", known.name) };
    let takes =
        if known.name == "ManyToMany" { "from 1 to 2".to_owned() } else { takes.to_string() };
    let arguments = if known.name == "ManyToMany" { "s" } else { plural(names.len() + own) };
    if keywords > 0 {
        format!(
            "{callee} takes {takes} positional argument{arguments} but {given} positional argument{} (and {keywords} keyword-only argument{}) were given",
            plural(given),
            plural(keywords)
        )
    } else {
        let verb = if given == 1 { "was" } else { "were" };
        format!("{callee} takes {takes} positional argument{arguments} but {given} {verb} given")
    }
}

/// Whether a keyword is a parameter of the class's own, and not one of the rest.
fn is_own(known: &fields::Known, name: &str) -> bool {
    match known.name {
        "ForeignKey" => matches!(
            name,
            "name"
                | "unique"
                | "nullable"
                | "related_name"
                | "virtual"
                | "onupdate"
                | "ondelete"
                | "foreign_key_name"
        ),
        "ManyToMany" => matches!(name, "name" | "unique" | "virtual"),
        _ => known.keywords.contains(&name),
    }
}
