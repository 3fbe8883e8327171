//! All reactive state. No markup here.

mod app;
mod content;
pub mod derived;
mod fix_all;
mod history;
mod paste;
mod persist;
pub mod problems;
pub mod run;
mod shelf;
pub mod switch;
pub mod ui;

pub use app::App;
pub use content::{Content, Layout};
pub use derived::Derived;
pub use ui::{DataTab, Pane, Selection, Ui};
