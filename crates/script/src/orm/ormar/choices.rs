//! Columns of an enumeration's members: the database has their names.

use std::rc::Rc;

use throughline_core::document::{FieldKind, Value as Constant};

use crate::Machine;
use crate::database::Cell;
use crate::value::{Class, Outcome, Value};
use crate::world::Field;

/// The enumeration of a field, where it is one of such.
pub(super) fn of(machine: &Machine, field: &Field) -> Option<Rc<Class>> {
    let declared =
        field.declared.as_ref().filter(|field| matches!(field.kind, FieldKind::Column(_)))?;
    let Constant::Name(path) = &declared.arg("enum_class")?.value else { return None };
    let name = path.rsplit('.').next().unwrap_or(path);
    match machine.modules.get("")?.get(name)? {
        Value::Class(class) => Some(class),
        _ => None,
    }
}

/// The member of which a part is equal to what is given.
pub(super) fn member(
    machine: &mut Machine,
    class: &Class,
    part: &str,
    given: &Value,
) -> Outcome<Option<Value>> {
    for member in members(class) {
        let Value::Instance(instance) = &member else { continue };
        let same = match (given, instance.get(part)) {
            (Value::Instance(given), _) if Rc::ptr_eq(given, instance) => true,
            (_, Some(value)) => machine.equal(&value, given)?,
            (_, None) => false,
        };
        if same {
            return Ok(Some(member));
        }
    }
    Ok(None)
}

/// The members of an enumeration.
pub(super) fn members(class: &Class) -> Vec<Value> {
    match class.get("__members__") {
        Some(Value::List(members)) => members.borrow().clone(),
        _ => Vec::new(),
    }
}

/// A value of a row, in Python.
pub(super) fn value(machine: &mut Machine, field: Option<&Field>, cell: &Cell) -> Outcome {
    let value = crate::world::to_value(field.map(|field| &field.ty), cell);
    let Some(class) = field.and_then(|field| of(machine, field)) else { return Ok(value) };
    Ok(member(machine, &class, "name", &value)?.unwrap_or(value))
}
