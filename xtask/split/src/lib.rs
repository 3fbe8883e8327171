//! Parts the page's wasm in two: what runs until the first diagram can be used, and the rest, which is loaded after it.
//!
//! What runs is not guessed: [`watch()`] gives each function a byte of memory that it sets when it is called, a browser opens
//! the page built so, and [`part()`] keeps the functions whose byte is set. All others go into a second module that shares
//! memory, table and globals with the first. Where a function that stays calls one that went, a stub stands: it sees to it
//! that the second module is there, and calls on through the table. So a profile that is out of date makes the page
//! slower, never wrong.

mod data;
mod facts;
mod groups;
mod part;
mod rest;
mod strip;
mod watch;

pub use facts::Facts;
pub use groups::{Entry, Group, groups};
pub use part::{Parts, part};
pub use strip::strip;
pub use watch::{Watched, watch};

/// The exported function that brings the module of a number, or does nothing once it is there. Nothing may be parted without it.
pub const ENSURE: &str = "ensureRest";
