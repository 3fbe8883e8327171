//! Values as JSON, in the form of the recorded cases.

use std::rc::Rc;

use serde_json::{Map, Value as Json, json};
use throughline_order::{Arrange as _, Gather as _};

use crate::Machine;
use crate::orm::Runtime;
use crate::value::{Outcome, Value, datetime_text, time_text, uuid_text};
use crate::world::World;

/// Writes values of a run.
pub struct Exporter<'a> {
    runtime: &'static dyn Runtime,
    world: &'a Rc<World>,
    depth: u32,
}

impl<'a> Exporter<'a> {
    /// For values of this ORM.
    pub fn new(runtime: &'static dyn Runtime, world: &'a Rc<World>) -> Self {
        Self { runtime, world, depth: 0 }
    }

    /// How deep the value stands that is being written.
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// The same, one level deeper.
    #[must_use]
    pub fn inside(&self) -> Self {
        Self { runtime: self.runtime, world: self.world, depth: self.depth + 1 }
    }

    /// A value as JSON.
    ///
    /// # Errors
    /// What fetching raises.
    pub fn json(&self, machine: &mut Machine, value: &Value) -> Outcome<Json> {
        if self.depth > 6 {
            return Ok(json!("…"));
        }
        let inside = self.inside();
        if let Some(own) = self.runtime.export(machine, self.world, value, self)? {
            return Ok(own);
        }
        Ok(match value {
            Value::None => Json::Null,
            Value::Bool(yes) => json!(yes),
            Value::Int(number) => json!(number),
            Value::Float(number) => json!(number),
            Value::Str(text) => json!(&**text),
            Value::Date(date) => json!(date.to_string()),
            Value::DateTime(moment, zone) => json!(datetime_text(moment, *zone, "T")),
            Value::Time(time) => json!(time_text(time)),
            #[allow(clippy::cast_precision_loss, reason = "seconds with their fraction")]
            Value::Delta(micros) => json!(*micros as f64 / 1e6),
            Value::Decimal(number) => json!(number.to_string()),
            Value::Uuid(uuid) => json!(uuid_text(**uuid)),
            Value::Bytes(bytes) => {
                json!(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
            }
            Value::Dict(dict) => {
                let dict = dict.borrow().clone();
                let mut out = Map::new();
                for (key, value) in dict.items() {
                    let key = machine.str(key)?;
                    out.insert(key.to_string(), inside.json(machine, value)?);
                }
                Json::Object(out)
            }
            Value::Set(set) => {
                let items: Vec<Value> = set.borrow().items().cloned().gather();
                let mut items = inside.items(machine, &items)?;
                items.arrange_by_key(Json::to_string);
                Json::Array(items)
            }
            Value::List(items) => {
                let items = items.borrow().clone();
                Json::Array(inside.items(machine, &items)?)
            }
            Value::Tuple(items) => Json::Array(inside.items(machine, items)?),
            Value::Range(..) | Value::Iter(_) => {
                let items = machine.list_of(value)?;
                Json::Array(inside.items(machine, &items)?)
            }
            Value::Class(class) => json!({ "__class__": &*class.name }),
            Value::Instance(instance) => {
                match instance.get("value").filter(|_| instance.class.get("__members__").is_some())
                {
                    Some(value) => inside.json(machine, &value)?,
                    None if instance.class.derives_from("BaseException") => {
                        let message = machine.str(value)?;
                        json!({ "__exception__": &*instance.class.name, "message": &*message })
                    }
                    None => self.written(machine, value)?,
                }
            }
            Value::Object(_) => match machine.list_of(value) {
                Ok(items) => Json::Array(inside.items(machine, &items)?),
                Err(_) => self.written(machine, value)?,
            },
            other => self.written(machine, other)?,
        })
    }

    fn items(&self, machine: &mut Machine, items: &[Value]) -> Outcome<Vec<Json>> {
        items.iter().map(|item| self.json(machine, item)).collect()
    }

    fn written(&self, machine: &mut Machine, value: &Value) -> Outcome<Json> {
        Ok(json!({ "__repr__": machine.repr(value)? }))
    }
}
