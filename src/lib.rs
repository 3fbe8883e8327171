//! The page: shows what the core derives from the models source, and turns what the user does into edits of it.
//!
//! - `state` holds all reactive state. Data flows from the project through `state::derived` to the views; the only way
//!   back up is a method of [`state::App`].
//! - `actions` has one object per user action; buttons, the palette and keys read it.
//! - `views` has one folder per pane, `ui` the atoms that know nothing of the core.
//! - `platform` is the only folder that names `web_sys` or `js_sys`.

pub mod actions;
pub mod app;
pub mod platform;
pub mod state;
pub mod ui;
pub mod views;

pub use app::{Workbench, start};
