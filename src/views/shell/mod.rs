//! What stands around the panes: top bar, splits, status bar, the phone's tab bar.

pub mod examples;
pub mod more;
pub mod notice;
pub mod orm_dialog;
pub mod orm_switch;
pub mod palette;
pub mod project_name;
pub mod share;
pub mod status_bar;
pub mod tab_bar;
pub mod toast;
pub mod top_bar;
pub mod workbench;

pub use workbench::Shell;
