//! Stage 2 for Django: what the classes become when the app starts.
//!
//! The order of work is Django's own: classes are made one after the other with all that they inherit (`classes`),
//! many-to-many fields get their through models (`through`), then every relation finds its target and its names (`relations`).

mod classes;
mod generic;
mod inherit;
mod meta;
mod names;
mod registry;
mod relations;
mod slots;
mod through;

use crate::document::Document;
use crate::resolve::Resolved;

/// Runs the stage.
pub(super) fn resolve(document: &Document) -> Resolved {
    let mut world = registry::World::new(document);
    through::generate(&mut world);
    world.bind_targets();
    relations::resolve(world)
}
