//! HTML: entities, and the tags of a highlighted listing.

use super::Trouble;
use super::scan::{Open, Place, walk};
use super::text::Text;

const NAMED: &[(&str, &str)] = &[
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("ldquo", "\""),
    ("rdquo", "\""),
    ("lsquo", "'"),
    ("rsquo", "'"),
    ("ndash", "-"),
    ("mdash", "-"),
    ("hellip", "..."),
    ("amp", "&"),
];

/// The elements that listings are made of.
const TAGS: &[&str] = &["pre", "code", "span", "div", "br", "p", "a", "b", "i", "em", "strong"];

/// Decodes entities everywhere, if one stands outside of strings: then the whole text went through HTML once.
pub(super) fn decode(text: &mut Text) -> Result<(), Trouble> {
    let mut tagged = Vec::new();
    if text
        .lines
        .iter()
        .any(|line| ["<pre", "<code", "<span"].iter().any(|tag| line.text.contains(tag)))
    {
        for line in &mut text.lines {
            let plain = without_tags(&line.text);
            if plain != line.text {
                line.text = plain;
                tagged.push(line.number);
            }
        }
    }
    text.note("Took out HTML tags", &tagged);
    let mut open = Open::default();
    let mut is_escaped = false;
    for line in &text.lines {
        let mut code = String::new();
        open = walk(&line.text, open, &mut |_, letter, place| {
            if place == Place::Code || (place == Place::Comment && code.ends_with('&')) {
                code.push(letter);
            }
        });
        // A numeric entity looks like the beginning of a comment.
        is_escaped |= line.text.contains("&#") || decoded(&code) != code;
    }
    if !is_escaped {
        return Ok(());
    }
    let mut touched = Vec::new();
    for line in &mut text.lines {
        let plain = decoded(&line.text);
        if plain != line.text {
            line.text = plain;
            touched.push(line.number);
        }
    }
    text.note("Decoded HTML entities such as `&quot;`", &touched);
    Ok(())
}

fn decoded(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let found = after.split_once(';').and_then(|(name, after)| Some((entity(name)?, after)));
        match found {
            Some((letter, after)) => {
                out.push_str(&letter);
                rest = after;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        let letter = char::from_u32(code.ok()?)?;
        return Some(if letter == '\u{a0}' { ' ' } else { letter }.into());
    }
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, letter)| (*letter).into())
}

fn without_tags(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let name: String =
            after.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        match after.split_once('>') {
            Some((_, after)) if TAGS.contains(&name.as_str()) => rest = after,
            _ => {
                out.push('<');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
