//! SQL that can be trusted, on GlueSQL: a query gets the right rows or a refusal that says why and what to write instead.
//!
//! This is the only crate that names GlueSQL. A statement goes through tokens with places ([`text`]), GlueSQL's `sqlparser` AST, the checker (`bind`),
//! which makes a typed form of it (`ir`), and the executor (`exec`) over our own storage (`store`). `run` drives it in stages where one plan is not
//! enough. GlueSQL's own executor (`glue`) is compiled for tests, which hold the two against each other.

mod bind;
mod catalog;
mod error;
mod exec;
mod functions;
#[cfg(feature = "second-opinion")]
mod glue;
mod ir;
mod leaves;
mod outcome;
mod plan;
mod prepared;
mod reader;
mod run;
mod session;
mod store;
mod text;
mod types;
mod values;

pub use error::{ConstraintKind, ErrorKind, SqlError, Violation};
pub use outcome::{
    Answer, Cell, ColumnInfo, Dump, Executor, Limits, Outcome, Record, Span, TableChange,
    TableDump, TableInfo, ViewDump,
};
pub use prepared::{Execution, Prepared};
pub use session::{Session, Snapshot};
