//! One folder per pane.

pub mod canvas;
pub mod compare;
pub mod model;
pub mod problems;
pub mod query;
pub mod relation;
pub mod shell;
pub mod source;
pub mod tables;
