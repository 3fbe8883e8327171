//! What every reader of models source needs of Python: parsing, names and constants. No ORM is known here.

mod enums;
mod eval;
mod fold;
mod init;
mod module;
mod path;
mod scope;
mod strings;

pub use enums::lookup as enum_attribute;
pub use eval::{argument, arguments, chosen, eval};
pub use fold::{as_float, float_text};
pub use init::Preset;
pub use module::{assigned, bind, blocks, class, close_class};
pub use path::dotted;
pub use scope::{Bound, Class, EnumMember, Scope};

use ruff_python_ast::{Identifier, ModModule};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange};

use crate::document::{Name, Span, SyntaxError};

/// A source as the parser has it: what could be read, and where it is not Python.
#[derive(Debug)]
pub struct Parsed {
    /// The statements.
    pub module: ModModule,
    /// What is wrong, in order.
    pub errors: Vec<SyntaxError>,
}

/// Parses a file. Never fails: what cannot be read is left out or stands as an empty name.
pub fn parse(source: &str) -> Parsed {
    let parsed = parse_unchecked(source, ParseOptions::from(Mode::Module));
    let errors = parsed.errors().iter().map(|error| SyntaxError { message: error.error.to_string(), span: span(error.location) }).collect();
    let module = parsed.try_into_module().map_or_else(empty, ruff_python_parser::Parsed::into_syntax);
    Parsed { module, errors }
}

fn empty() -> ModModule {
    ModModule { node_index: Default::default(), range: TextRange::default(), body: Default::default() }
}

/// The parser's range as ours.
pub fn span(range: TextRange) -> Span {
    Span::new(range.start().into(), range.end().into())
}

/// An identifier with its place.
pub fn name(identifier: &Identifier) -> Name {
    Name { text: identifier.id.to_string(), span: span(identifier.range()) }
}
