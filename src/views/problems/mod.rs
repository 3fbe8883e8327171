//! What is wrong.

pub mod diff;
pub mod docs;
pub mod fix_button;
pub mod item;
pub mod other_orm;
pub mod pane;

pub use pane::ProblemsPane;
