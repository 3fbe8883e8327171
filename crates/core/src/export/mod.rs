//! What others read: an analysis as JSON (`throughline inspect` prints it), tables as DBML and as a Mermaid diagram.

mod dbml;
mod inspect;
mod mermaid;

pub use dbml::dbml;
pub use inspect::inspect;
pub use mermaid::mermaid;
