//! The core of Throughline: from models source text to everything that is derived from it.
//!
//! Pure: no IO, no clock, no randomness, no web, no SQL engine. Nothing here fails on user input; a stage returns
//! a value *and* diagnostics, and half a file gives half a diagram.
//!
//! # Terms
//! *model* and *field* are the user's side, *table* and *column* the database's side; the two are never mixed.
//! - **relation**: a field that points at a model: foreign key, one-to-one or many-to-many.
//! - **accessor**: the attribute on the target by which the relation is followed backwards (`author.book_set`).
//! - **related name**: what the user declared for that accessor.
//! - **query name**: the name of the reverse side inside filters (`book__title`).
//! - **through model**: the model behind a many-to-many; *generated* where the user wrote none.

pub mod analysis;
pub mod check;
pub mod compare;
pub mod convert;
pub mod document;
pub mod edit;
pub mod examples;
pub mod export;
pub mod link;
pub mod live;
pub mod orm;
pub mod paste;
pub mod python;
pub mod resolve;
pub mod sample;
pub mod sql;
pub mod tables;

pub use analysis::{Analysis, analyze, analyze_bare, play_tables};
pub use check::{Diagnostic, Severity};
pub use document::{Document, Span};
pub use edit::{Edit, EditError, TextEdit};
pub use resolve::Resolved;
pub use tables::Tables;
