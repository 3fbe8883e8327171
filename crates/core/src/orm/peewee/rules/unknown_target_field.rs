//! A key to a field that the target does not have.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::orm::peewee::classes::What;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-target-field", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`field=` of a foreign key names something that the target does not have.

## Why

A foreign key references the primary key of its target, or the field that `field=` names. Peewee looks it up as an attribute of the class.

## Example

```python
owner = ForeignKeyField(User, field="user_name")
```

## Fix

Write the name of a field of the target: `field="username"`. It should be unique there.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for fault in &cx.world.faults {
        let What::NoSuchField(target, wanted) = fault.what else { continue };
        let target_name = place::name(cx, target);
        let message = format!("type object '{target_name}' has no attribute '{wanted}'");
        let mut found = place::raised(cx, RULE.name, "AttributeError", fault, message)
            .titled(format!("{target_name} has no field `{wanted}`"))
            .why(format!(
                "The key is to reference `{target_name}.{wanted}`, and there is no such attribute."
            ));
        let declared = fault.object.and_then(|object| place::declared(cx, object));
        let to_field = declared
            .and_then(|(_, field)| field.relation())
            .and_then(|relation| relation.to_field.as_ref());
        if let Some(to_field) = to_field {
            found.span = to_field.span;
            let fields = cx.world.class(target).into_iter().flat_map(|class| class.fields.names());
            if let Some(meant) = names::nearest(wanted, fields.map(AsRef::as_ref)) {
                found = found.fix(
                    format!("Did you mean `{meant}`?"),
                    Some(vec![fix::replace(to_field.span, fix::quote(meant))]),
                );
            }
        }
        out.push(found);
    }
}
