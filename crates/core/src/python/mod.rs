//! What every reader of models source needs of Python: parsing, names and constants. No ORM is known here.

mod args;
mod compiled;
mod enums;
mod eval;
mod fold;
mod init;
mod module;
mod parts;
mod path;
mod scope;
mod strings;
mod undefined;

pub(crate) use args::Args;
pub use enums::lookup as enum_attribute;
pub use eval::{argument, arguments, chosen, eval};
pub(crate) use fold::truth;
pub use fold::{as_float, float_text};
pub use init::{Preset, Signature};
pub use module::{assigned, bind, blocks, class, close_class};
pub use path::dotted;
pub use scope::{Bound, Class, EnumMember, Scope};

pub use undefined::{Starred, undefined, undefined_beside};

use std::ops::Range;

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
///
/// Where the text is not Python, the parts between statements at the left margin are read by themselves,
/// so that a bracket that is not closed yet costs one statement and not the rest of the file.
pub fn parse(source: &str) -> Parsed {
    let whole = parse_text(source);
    if whole.errors.is_empty() {
        return whole;
    }
    let mut groups: Vec<(Range<usize>, Health)> = Vec::new();
    for part in parts::parts(source) {
        let health = source.get(part.clone()).map_or(Health::Broken, |text| {
            if parse_text(text).errors.is_empty() { Health::Sound } else { Health::Broken }
        });
        match groups.last_mut() {
            Some((range, Health::Sound)) if health == Health::Sound => range.end = part.end,
            _ => groups.push((part, health)),
        }
    }
    if groups.len() < 2 {
        return whole;
    }
    let mut out = Parsed { module: empty(), errors: Vec::new() };
    for (range, _) in groups {
        // Empty lines in front keep every place where it is in the whole.
        let padded = "\n".repeat(range.start) + source.get(range).unwrap_or_default();
        let part = parse_text(&padded);
        out.module.body.extend(part.module.body);
        out.errors.extend(part.errors);
    }
    if out.errors.is_empty() {
        out.errors = whole.errors;
    }
    out
}

/// Parses a file that Python imports: what its compiler refuses is an error, too.
pub fn import(source: &str) -> Parsed {
    let mut parsed = parse(source);
    if parsed.errors.is_empty() {
        parsed.errors.extend(compiled::error(&parsed.module));
    }
    parsed
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Health {
    Sound,
    Broken,
}

fn parse_text(source: &str) -> Parsed {
    let parsed = parse_unchecked(source, ParseOptions::from(Mode::Module));
    let errors = parsed
        .errors()
        .iter()
        .map(|error| SyntaxError { message: error.error.to_string(), span: span(error.location) })
        .collect();
    let module =
        parsed.try_into_module().map_or_else(empty, ruff_python_parser::Parsed::into_syntax);
    Parsed { module, errors }
}

fn empty() -> ModModule {
    ModModule {
        node_index: Default::default(),
        range: TextRange::default(),
        body: Default::default(),
    }
}

/// The parser's range as ours.
pub fn span(range: TextRange) -> Span {
    Span::new(range.start().into(), range.end().into())
}

/// Whether Python's grammar accepts a text as a file.
pub fn is_valid(source: &str) -> bool {
    parse_unchecked(source, ParseOptions::from(Mode::Module)).errors().is_empty()
}

/// An identifier with its place.
pub fn name(identifier: &Identifier) -> Name {
    Name { text: identifier.id.as_str().to_owned(), span: span(identifier.range()) }
}
