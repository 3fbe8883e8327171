//! The browser. No other folder names `web_sys` or `js_sys`.

pub mod clipboard;
pub mod clock;
pub mod download;
pub mod editor;
pub mod element;
pub mod float;
pub mod focus;
pub mod keyboard;
pub mod location;
pub mod page;
pub mod panic;
pub mod pointer;
pub mod query_editor;
pub mod rest;
pub mod storage;
pub mod worker;
