//! An analysis as JSON: what `throughline inspect` prints.

mod inspect;

pub use inspect::inspect;
