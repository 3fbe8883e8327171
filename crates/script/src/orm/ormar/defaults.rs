//! Defaults in Python: constants of the models file and what functions give.

use throughline_core::document::Value as Constant;

use crate::Machine;
use crate::value::{Args, Dict, Outcome, Value};
use crate::world::Field;

fn constant(value: &Constant) -> Option<Value> {
    Some(match value {
        Constant::None => Value::None,
        Constant::Bool(yes) => Value::Bool(*yes),
        Constant::Int(number) => Value::Int(*number),
        Constant::Number(text) => Value::Float(text.parse().ok()?),
        Constant::Str(text) => Value::str(text),
        Constant::List(items) => Value::list(items.iter().filter_map(constant).collect()),
        Constant::Dict(items) if items.is_empty() => Value::dict(Dict::default()),
        Constant::Dict(_) | Constant::Name(_) | Constant::Call { .. } | Constant::Other(_) => {
            return None;
        }
    })
}

/// The default of a field; `None` where it has none.
pub(super) fn default(machine: &mut Machine, field: &Field) -> Outcome<Option<Value>> {
    let given = field.declared.as_ref().and_then(|declared| declared.default.as_ref());
    let Some(given) = given else { return Ok(None) };
    if let Some(value) = constant(given) {
        return Ok(Some(value));
    }
    let Constant::Name(path) = given else { return Ok(Some(Value::None)) };
    let last = path.rsplit('.').next().unwrap_or(path);
    let value = match last {
        "list" => return Ok(Some(Value::list(Vec::new()))),
        "dict" => return Ok(Some(Value::dict(Dict::default()))),
        "now" | "utcnow" => return Ok(Some(Value::datetime(machine.now, None))),
        "today" => return Ok(Some(Value::Date(machine.now.date()))),
        "uuid4" => machine.modules.get("uuid").and_then(|module| module.get("uuid4")),
        _ => {
            let mut value = machine.scope.get(path.split('.').next().unwrap_or(path));
            for part in path.split('.').skip(1) {
                value = match value {
                    Some(owner) => Some(machine.attribute(&owner, part)?),
                    None => None,
                };
            }
            value
        }
    };
    match value {
        Some(function @ (Value::Function(_) | Value::Native(_))) => {
            machine.call(&function, Args::default()).map(Some)
        }
        Some(value) => Ok(Some(value)),
        None => Ok(Some(Value::None)),
    }
}
