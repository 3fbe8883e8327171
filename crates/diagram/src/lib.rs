//! Pure geometry of the diagram: how wide a model is, where it stands, how its relations run, what their ends look like.
//!
//! All numbers are whole CSS pixels at zoom 1. Lines are drawn half a pixel further right and down, so that a hairline fills
//! exactly one pixel: [`path`] adds the half, and nothing else has to know of it. Everything is deterministic.

pub mod ends;
pub mod geometry;
pub mod layout;
pub mod measure;
pub mod path;
pub mod route;
mod table;
pub mod text;
pub mod viewport;

pub use ends::{End, EndMarks};
pub use geometry::{Point, Rect, Side};
pub use layout::{Edge, Mode, Node, layout};
pub use route::{Link, Route, Socket, route};
pub use viewport::Viewport;
