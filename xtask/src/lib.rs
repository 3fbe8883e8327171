//! What the chores and the browser tests share: a static file server, and finding a browser to drive.

pub mod browser;
pub mod project;
pub mod site;
