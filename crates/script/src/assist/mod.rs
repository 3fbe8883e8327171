//! What the console knows of a script without running it: names that may stand at a place, what a name is, the relations that a lookup
//! walks, and what loads them ahead.
//!
//! [`read`] goes through the script once and notes what it finds, with the kind of each value as far as it can be told; the rest asks it.

mod explain;
mod graph;
mod kinds;
mod mend;
mod offer;
mod read;
mod same;
pub mod spelling;
mod walk;
mod why;

use std::rc::Rc;

use throughline_core::Span;

pub use explain::Explained;
pub use mend::Mend;
pub use offer::{Offer, Offered};
pub use same::Same;
pub use walk::{Edge, Walk};
pub use why::Why;

use crate::orm::Runtime;
use crate::world::World;
use graph::Graph;

/// What the console knows of a script without running it.
pub struct Assist {
    graph: Graph,
}

impl Assist {
    /// For scripts on these models.
    pub fn new(runtime: &dyn Runtime, world: &Rc<World>) -> Self {
        Self { graph: Graph { world: world.clone(), spelling: runtime.spelling() } }
    }

    /// The names that may stand at a place.
    pub fn offer(&self, script: &str, at: u32) -> Offered {
        offer::offer(&self.graph, script, at)
    }

    /// What the name at a place is.
    pub fn explain(&self, script: &str, at: u32) -> Option<Explained> {
        explain::explain(&self.graph, script, at)
    }

    /// The relations that a statement's lookups and attributes walk, each way once.
    pub fn walks(&self, script: &str, statement: Span) -> Vec<Walk> {
        walk::walks(&self.graph, script, statement)
    }

    /// Why an exception was raised, by its class and those that it derives from, and its message.
    pub fn why(&self, lineage: &[String], message: &str) -> Option<Why> {
        why::why(&self.graph, lineage, message)
    }

    /// A statement's call as another ORM has it, on the same models.
    ///
    /// # Errors
    /// Why it cannot be said there, or not be known to come to the same.
    pub fn same(&self, other: &Self, script: &str, statement: Span) -> Result<Same, String> {
        same::same(&self.graph, &other.graph, script, statement)
    }

    /// What loads the relations ahead that a statement asks for row by row.
    pub fn mend(&self, script: &str, statement: Span) -> Option<Mend> {
        mend::mend(&self.graph, script, statement)
    }
}

#[cfg(test)]
mod tests;
