//! SQL that can be trusted, on GlueSQL: a query gets the right rows or a refusal that says why and what to write instead.
//!
//! This is the only crate that names GlueSQL. A statement goes through tokens with places, GlueSQL's `sqlparser` AST, the checker
//! (`bind`), the planner (`plan`), and GlueSQL's executor over our own storage (`store`).

mod error;
mod outcome;
mod session;

pub use error::{ErrorKind, SqlError};
pub use outcome::{Answer, Cell, ColumnInfo, Dump, Limits, Outcome, Span, TableChange, TableDump, TableInfo};
pub use session::{Session, Snapshot};
