//! A constraint of an abstract parent that loses what it says.

use super::Context;
use crate::check::{Diagnostic, Rule};
use crate::orm::ormar::world::{Constraint, ConstraintForm};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "lost-constraint", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

An abstract model has a unique index among its constraints.

## Why

For each child ormar copies only the columns of a constraint: an index that was unique is a plain one there.

## Example

```python
class Base(ormar.Model):
    ormar_config = base_ormar_config.copy(
        abstract=True, constraints=[ormar.IndexColumns("code", unique=True)]
    )
    id: int = ormar.Integer(primary_key=True)
    code: str = ormar.String(max_length=10)

class Item(Base):
    ormar_config = base_ormar_config.copy(tablename="items")
```

## Fix

Use `ormar.UniqueColumns`, which stays unique, or repeat the index in each child.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, class) in cx.world.classes.iter().enumerate() {
        let (Some(model), Some(config)) = (cx.model(id), cx.world.config(id)) else { continue };
        if !config.is_abstract || !config.constraints.iter().any(is_unique_index) {
            continue;
        }
        let inherited = cx
            .world
            .classes
            .iter()
            .any(|child| child.bases.contains(&id) && child.config != class.config);
        if !inherited {
            continue;
        }
        for constraint in config.constraints.iter().filter(|constraint| is_unique_index(constraint))
        {
            let text = constraint.span.text(cx.source);
            out.push(
                Diagnostic::advice(RULE.name, constraint.span, "The children's index is not unique.")
                    .object(model.name.text.clone())
                    .subject(&model.name.text, None)
                    .titled("This index is not unique in the children")
                    .why(format!("ormar copies the constraints of `{}` to its children, but only their columns: `{text}` becomes a plain index there, and nothing keeps values from coming twice.", model.name.text)),
            );
        }
    }
}

fn is_unique_index(constraint: &Constraint<'_>) -> bool {
    matches!(constraint.form, ConstraintForm::Index { unique: true })
}
