//! The parts of the page: what can be seen and done in each.

pub mod console;
pub mod diagram;
pub mod problems;
pub mod query;
pub mod source;
