//! What each ORM adds to Python: managers, query sets, instances of models, exceptions. One folder for each.

mod atomic;
mod awaitable;
mod defaults;
mod django;
mod hashed;
pub(crate) mod names;
mod ormar;
mod peewee;
mod record;
mod tortoise;

use std::rc::Rc;

use crate::Machine;
use crate::assist::spelling::Spelling;
use throughline_core::document::ColumnType;

use crate::database::{Cell, DatabaseError};
use crate::eval::Raised;
use crate::export::Exporter;
use crate::value::{Hooks, Value};
use crate::world::World;

/// How an ORM behaves in scripts.
pub trait Runtime: Sync {
    /// The id that the core knows it by.
    fn id(&self) -> &'static str;

    /// How its calls are spelled.
    fn spelling(&self) -> &'static Spelling;

    /// Its modules, and the names that scripts have without importing them (`Q`, `F`, …).
    fn install(&self, machine: &mut Machine, world: &Rc<World>);

    /// What makes instances of a model and answers for its class.
    fn hooks(&self, world: &Rc<World>, model: usize) -> Rc<dyn Hooks>;

    /// The exception that the ORM makes of a mistake of the database.
    fn database_error(
        &self,
        machine: &mut Machine,
        world: &Rc<World>,
        error: &DatabaseError,
    ) -> Box<Raised>;

    /// A value of a column as SQLite keeps it, for dumps of tables.
    fn stored(&self, ty: &ColumnType, cell: &Cell) -> serde_json::Value {
        let _ = ty;
        as_sqlite_keeps(cell)
    }

    /// A value of its own (an instance, a query set) as the recorded cases write it; `None` for others.
    ///
    /// # Errors
    /// What fetching raises.
    fn export(
        &self,
        machine: &mut Machine,
        world: &Rc<World>,
        value: &Value,
        exporter: &Exporter<'_>,
    ) -> crate::Outcome<Option<serde_json::Value>>;
}

/// The runtimes that there are.
pub static ALL: &[&dyn Runtime] =
    &[&django::Django, &ormar::Ormar, &peewee::Peewee, &tortoise::Tortoise];

/// The runtime of this id.
pub fn by_id(id: &str) -> Option<&'static dyn Runtime> {
    ALL.iter().copied().find(|runtime| runtime.id() == id)
}

/// A statement with its parameters in their places, for people to read. What runs has them apart.
pub(crate) fn inlined(sent: &crate::database::Sent) -> String {
    let mut params = sent.params.iter();
    let mut out = String::with_capacity(sent.sql.len());
    for letter in sent.sql.chars() {
        match (letter, letter == '?') {
            (_, true) => match params.next() {
                Some(Cell::Null) => out.push_str("NULL"),
                Some(Cell::Bool(yes)) => out.push_str(if *yes { "True" } else { "False" }),
                Some(Cell::Int(number)) => out.push_str(&number.to_string()),
                Some(Cell::Float(number)) => out.push_str(&crate::value::float_text(*number)),
                Some(
                    Cell::Decimal(text)
                    | Cell::Date(text)
                    | Cell::Time(text)
                    | Cell::Timestamp(text)
                    | Cell::Uuid(text),
                ) => out.push_str(text),
                Some(Cell::Text(text)) => out.push_str(text),
                Some(Cell::Bytes(_)) | None => out.push('?'),
            },
            (letter, false) => out.push(letter),
        }
    }
    out
}

/// A value as SQLite keeps it in a column of a usual type.
pub(crate) fn as_sqlite_keeps(cell: &Cell) -> serde_json::Value {
    match cell {
        Cell::Null => serde_json::Value::Null,
        Cell::Bool(yes) => i64::from(*yes).into(),
        Cell::Int(number) => (*number).into(),
        Cell::Float(number) => (*number).into(),
        Cell::Decimal(digits) => {
            // A number without a fraction is an integer in a column of numbers.
            match (digits.parse::<rust_decimal::Decimal>(), digits.parse::<f64>()) {
                (Ok(number), _) if number.fract().is_zero() => {
                    i64::try_from(number).map_or_else(|_| digits.as_str().into(), Into::into)
                }
                (_, Ok(number)) => number.into(),
                (_, Err(_)) => digits.as_str().into(),
            }
        }
        Cell::Text(text) => (&**text).into(),
        Cell::Bytes(bytes) => {
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
        }
        Cell::Date(text) | Cell::Time(text) | Cell::Timestamp(text) => text.as_str().into(),
        Cell::Uuid(text) => text.replace('-', "").into(),
    }
}
