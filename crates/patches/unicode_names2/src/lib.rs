//! A stand-in for `unicode_names2`, which the Python parser uses for one thing: the escape `\N{…}` in strings.
//! The tables behind it are larger than the parser. Here no name is known, so the parser refuses the escape as a syntax error.

/// The character of this name: never one.
pub fn character(_name: &str) -> Option<char> {
    None
}
