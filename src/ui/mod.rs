//! Atoms that know nothing of the core.

pub mod code_text;
pub mod empty;
pub mod icon;
pub mod segmented;
pub mod split;
pub mod tabs;

pub use code_text::CodeText;
pub use empty::Empty;
pub use icon::{Icon, IconSize};
pub use segmented::{Choice, Segmented};
pub use split::{Axis, Split};
pub use tabs::{Tab, Tabs};
