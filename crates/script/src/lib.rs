//! The Python that ORM tutorials are written in.
//!
//! A subset, never a second Python: what it does not know it refuses by name, at its place. Errors are Python's own exceptions.
//! Values are in [`value`], statements and expressions in [`eval`], what is there without import in [`builtins`].
//! What an ORM adds (managers, query sets, model instances) it adds as [`value::Object`]s and classes with [`value::Hooks`].

pub mod builtins;
pub mod eval;
mod format;
mod run;
pub mod value;

pub use eval::{Limits, Machine, Raised, Stop};
pub use run::Step;
pub use value::{Args, Outcome, Value};
