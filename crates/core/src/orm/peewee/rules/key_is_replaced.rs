//! A field that takes the place of the primary key.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, Severity, Stage, fix};
use crate::orm::peewee::classes::Key;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "key-is-replaced", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field has the name of the primary key, `id`, but is none.

## Why

Peewee adds a key called `id` where no field is one, and the field of that name then takes its place. The table has no primary key any more, and nothing numbers the rows; `get_by_id` and `save` still count on it.

## Example

```python
class Item(Model):
    id = IntegerField()
```

## Fix

Say that it is the key: `id = IntegerField(primary_key=True)`, or `AutoField()`; or leave the field out.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for id in cx.world.found() {
        let Some(class) = cx.world.class(id) else { continue };
        let Key::Field(key) = class.key else { continue };
        let Some(name) = cx.world.object(key).map(|key| key.name.clone()) else { continue };
        let Some(own) = class.fields.get(&name).filter(|own| *own != key) else { continue };
        let Some((model, field)) = place::declared(cx, own) else { continue };
        out.push(
            Diagnostic::new(RULE.name, Severity::Warning, Stage::Silent, field.name.span, format!("{} has no primary key in the table.", class.name))
                .subject(&class.name, Some(&name))
                .titled(format!("`{name}` takes the place of the primary key"))
                .why(format!("Peewee's own key is called `{name}`, and this field replaces it without being one. The table has no primary key, and nothing numbers its rows."))
                .fix("Make it the primary key", (model.name.text == *class.name).then(|| fix::set(cx.source, field, "primary_key", "True")).flatten()),
        );
    }
}
