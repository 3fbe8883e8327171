//! The models text.

mod marks;
mod offsets;
pub mod pane;
pub mod plain;
mod rich;

pub use pane::SourcePane;
