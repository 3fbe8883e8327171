//! Drives the built app in a real browser, the way a user does.
//!
//! - [`World`] is what all flows share: the served app and the driver.
//! - [`Flow`] is one test: it opens browsers with fresh profiles, and at its end looks whether any of them complained.
//! - [`Page`] is one browser; `pages` has a file per part of the page, with what can be seen and done there.

mod driver;
mod flow;
mod page;
pub mod pages;
mod world;

pub use flow::Flow;
pub use page::{Look, Page, Theme};
pub use world::World;
