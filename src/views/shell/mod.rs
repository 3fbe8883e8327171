//! What stands around the panes: top bar, splits, status bar, the phone's tab bar.

pub mod orm_switch;
pub mod status_bar;
pub mod tab_bar;
pub mod top_bar;
pub mod workbench;

pub use workbench::Shell;
