//! What the user's source declares, with the span of everything. Neutral between the ORMs; made by `orm::<orm>::read`.

mod field;
mod kind;
mod model;
mod span;
mod value;

pub use field::{
    Argument, ColumnSpec, Field, FieldKind, Name, RelationKind, RelationSpec, Target, TargetForm,
};
pub use kind::ColumnType;
pub use model::{
    Base, CheckSpec, Document, Import, IndexSpec, Member, MemberKind, Meta, Model, ModelKind,
    ModuleCall, Project, SyntaxError, UniqueSpec,
};
pub use span::{LineColumn, LineIndex, Span};
pub use value::Value;
