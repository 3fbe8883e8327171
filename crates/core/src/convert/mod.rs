//! From one ORM to another: the models as meaning ([`Schema`]), fitted to what the target ORM can say, and written in its words.
//!
//! ```text
//! Analysis ── build ──▶ Schema ── fit ──▶ Schema that the target can say ── write ──▶ source
//!                          └─▶ Unsaid ◀──┘
//! ```
//!
//! *Fitting* does all that may change meaning, and says so; *writing* then only spells. So the law is simple, and the tests hold it: what is
//! read back from the written source is the fitted schema exactly, and wherever that differs from the first one, an [`Unsaid`] names the place.

mod build;
mod facts;
mod fit;
pub mod layout;
mod order;
mod python;
mod schema;
mod target;
mod unsaid;

pub use build::build;
pub use facts::{Fact, facts};
pub use fit::fit;
pub use order::{in_declaration_order, targets, throughs};
pub use python::{
    Comparison, Constant, Imports, bracketed, constant, literal, quoted, simple_condition,
};
pub use schema::{
    Action, CheckGroup, ColumnShape, Extra, GeneratedThrough, Group, KeyShape, ManyShape, Moment,
    ReverseNames, Schema, SchemaField, SchemaModel, Shape, ThroughShape,
};
pub use target::{Ends, Feature, SourceWriter};
use throughline_order::Arrange as _;
pub use unsaid::Unsaid;

use crate::analysis::Analysis;
use crate::orm::Orm;

/// Whose names tables, columns and reverse sides get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Names {
    /// The names that they have: for moving a project over an existing database.
    #[default]
    Keep,
    /// The target ORM's own, except where the user chose one: for comparing, and for a fresh start.
    OrmDefault,
}

/// A models file in another ORM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Converted {
    /// The source. It loads in the ORM.
    pub source: String,
    /// What the ORM cannot say.
    pub unsaid: Vec<Unsaid>,
    /// What the source says: reading it back gives this.
    pub schema: Schema,
}

/// Writes the models of an analysis for another ORM (or the same one). `None` where no source can be written for it.
///
/// The models must be free of errors: of a broken project what could be read is written.
pub fn convert(
    from: &dyn Orm,
    analysis: &Analysis,
    to: &dyn Orm,
    names: Names,
) -> Option<Converted> {
    let writer = to.source_writer()?;
    let (schema, mut unsaid) = build(from, analysis);
    let fitted = fit(&schema, to.profile().id, writer, names, &mut unsaid);
    let source = (writer.write)(&fitted);
    unsaid.arrange();
    unsaid.dedup();
    Some(Converted { source, unsaid, schema: fitted })
}
