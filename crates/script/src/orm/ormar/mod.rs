//! ormar's query sets, relation lists and model instances.

mod accessor;
mod answers;
mod beyond;
mod choices;
mod clause;
mod compile;
mod config;
mod dump;
mod exceptions;
mod export;
mod instance;
mod link;
mod load;
mod make;
mod methods;
mod prefetch;
mod proxy;
mod pydantic;
mod queryset;
mod reach;
mod save;
mod setup;
mod spelling;
mod state;
mod values;

use std::rc::Rc;

use super::Runtime;
use crate::Machine;
use crate::database::{DatabaseError, ErrorKind, Reply, Sent};
use crate::eval::{Raised, refuse};
use crate::export::Exporter;
use crate::sql::{Style, Wrap};
use crate::value::{Hooks, Outcome, Value};
use crate::world::World;

/// ormar.
#[derive(Debug)]
pub(super) struct Ormar;

/// SQL as SQLAlchemy writes it for SQLite.
pub(super) static STYLE: Style = Style {
    quote: quoted,
    comma: ", ",
    space: " ",
    clause: " ",
    table_alias: " AS ",
    column_alias: " AS ",
    wrap: Wrap::Needed,
    tables: crate::sql::Tables::AsBuilt,
};

/// `RESERVED_WORDS` of SQLAlchemy's dialect for SQLite.
const RESERVED: &str = " add after all alter analyze and as asc attach autoincrement before begin between by cascade case cast check collate column commit conflict constraint create cross current_date current_time current_timestamp database default deferrable deferred delete desc detach distinct drop each else end escape except exclusive exists explain fail false for foreign from full glob group having if ignore immediate in index indexed initially inner insert instead intersect into is isnull join key left like limit match natural not notnull null of offset on or order outer plan pragma primary query raise references reindex rename replace restrict right rollback row select set table temp temporary then to transaction trigger true union unique update using vacuum values view virtual when where ";

/// Words that SQLite does not take for a name where they stand without quotes.
const NEVER_NAMES: &str = " add all alter and as autoincrement between case check collate commit constraint create default deferrable delete distinct drop else escape except exists foreign from group having in index insert intersect into is isnull join limit not notnull null on or order primary references select set table then to transaction union unique update using values when where ";

fn quoted(name: &str) -> String {
    let plain = name.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '_')
        && name
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    if plain && !RESERVED.contains(&format!(" {name} ")) {
        name.to_owned()
    } else {
        crate::sql::quoted(name)
    }
}

/// Whether SQLite stumbles over a column that ormar has forgotten to quote.
fn stumbles(column: &str) -> bool {
    NEVER_NAMES.contains(&format!(" {} ", column.to_lowercase()))
}

/// Sends a statement.
fn send(machine: &mut Machine, world: &Rc<World>, sent: Sent) -> Outcome<Reply> {
    world.send(sent).map_err(|error| Ormar.database_error(machine, world, &error))
}

impl Runtime for Ormar {
    fn id(&self) -> &'static str {
        "ormar"
    }

    fn spelling(&self) -> &'static crate::assist::spelling::Spelling {
        &spelling::SPELLING
    }

    fn stored(
        &self,
        ty: &throughline_core::document::ColumnType,
        cell: &crate::Cell,
    ) -> serde_json::Value {
        use throughline_core::document::ColumnType;
        match (ty, cell) {
            // SQLAlchemy writes microseconds always.
            (ColumnType::DateTime, crate::Cell::Timestamp(text))
            | (ColumnType::Time, crate::Cell::Time(text))
                if !text.contains('.') =>
            {
                format!("{text}.000000").into()
            }
            // A column that is called JSON is one of numbers to SQLite.
            (ColumnType::Json, crate::Cell::Text(text)) => match serde_json::from_str(text) {
                Ok(serde_json::Value::Number(number)) => number.into(),
                _ => (&**text).into(),
            },
            (_, other) => super::as_sqlite_keeps(other),
        }
    }

    fn install(&self, machine: &mut Machine, world: &Rc<World>) {
        machine.beyond = beyond::NAMES;
        exceptions::install(machine, world);
    }

    fn hooks(&self, world: &Rc<World>, model: usize) -> Rc<dyn Hooks> {
        Rc::new(instance::ModelHooks { world: world.clone(), model })
    }

    fn database_error(
        &self,
        machine: &mut Machine,
        _: &Rc<World>,
        error: &DatabaseError,
    ) -> Box<Raised> {
        let class = match error.kind {
            ErrorKind::Integrity => "IntegrityError",
            ErrorKind::Operational => "OperationalError",
            ErrorKind::Data => "DataError",
            ErrorKind::Refused | ErrorKind::Stopped => return refuse(error.message.clone()),
        };
        let message = format!("(sqlite3.{class}) {}", error.message);
        exceptions::exception(machine, "sqlalchemy.exc", class, &message)
    }

    fn export(
        &self,
        machine: &mut Machine,
        world: &Rc<World>,
        value: &Value,
        exporter: &Exporter<'_>,
    ) -> Outcome<Option<serde_json::Value>> {
        export::export(machine, world, value, exporter)
    }
}
