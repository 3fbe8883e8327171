//! Atoms that know nothing of the core.

pub mod code_text;
pub mod dialog;
pub mod empty;
pub mod icon;
pub mod markdown;
pub mod menu;
pub mod popover;
pub mod segmented;
pub mod split;
pub mod sql_text;
pub mod tabs;

pub use code_text::CodeText;
pub use dialog::Dialog;
pub use empty::Empty;
pub use icon::{Icon, IconSize};
pub use markdown::Markdown;
pub use menu::{MenuButton, MenuItem};
pub use popover::Popover;
pub use segmented::{Arrows, Choice, Segmented};
pub use split::{Axis, Split};
pub use sql_text::SqlText;
pub use tabs::{Tab, Tabs};
