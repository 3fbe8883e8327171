//! `regex-lite` under the name of `regex`.
//!
//! GlueSQL and Leptos' configuration use a few patterns of ASCII. The real crate's automata and Unicode tables are an eighth of the worker. The engine
//! itself never hands a pattern of the user to it: LIKE and GLOB are its own.

pub use regex_lite::*;
