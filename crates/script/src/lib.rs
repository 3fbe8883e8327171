//! The Python that ORM tutorials are written in.
//!
//! A subset, never a second Python: what it does not know it refuses by name, at its place. Errors are Python's own exceptions.
//! Values are in [`value`], statements and expressions in [`eval`], what is there without import in [`builtins`].
//! What an ORM adds (managers, query sets, model instances) it adds as [`value::Object`]s and classes with [`value::Hooks`], in its folder under [`orm`];
//! they send SQL that [`sql`] writes to a [`Database`], for the models of a [`world::World`].

pub mod assist;
pub mod builtins;
pub mod database;
pub mod eval;
pub mod export;
mod format;
pub mod orm;
mod run;
pub mod sql;
pub mod value;
pub mod world;

pub use database::{Cell, Database, DatabaseError, ErrorKind, Reply, Sent};
pub use eval::{Described, Limits, Machine, Raised, Stop};
pub use orm::Runtime;
pub use run::{Script, Step};
pub use value::{Args, Outcome, Value};
