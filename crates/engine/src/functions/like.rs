//! LIKE and GLOB.

use gluesql_core::data::Value;

use super::text;

/// LIKE as SQLite has it: ASCII letters without regard to case.
pub(super) fn like(arguments: &[Value]) -> Result<Value, String> {
    matches(arguments, |a, b| a.eq_ignore_ascii_case(&b))
}

pub(super) fn like_exact(arguments: &[Value]) -> Result<Value, String> {
    matches(arguments, |a, b| a == b)
}

/// What a pattern is made of.
#[derive(Clone, Debug)]
enum Part {
    Many,
    One,
    Char(char),
}

/// A pattern that is read already.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    /// None: it ends in its escape, and so matches nothing.
    parts: Option<Vec<Part>>,
    /// Whether all its letters are ASCII, so that texts that are, too, need not be taken apart.
    ascii: bool,
}

impl Pattern {
    /// A pattern of LIKE.
    pub(crate) fn like(pattern: &str, escape: Option<char>) -> Self {
        let mut parts = Vec::new();
        let mut chars = pattern.chars();
        while let Some(ch) = chars.next() {
            parts.push(match ch {
                ch if Some(ch) == escape => match chars.next() {
                    Some(next) => Part::Char(next),
                    None => return Self { parts: None, ascii: true },
                },
                '%' => Part::Many,
                '_' => Part::One,
                ch => Part::Char(ch),
            });
        }
        Self { parts: Some(parts), ascii: pattern.is_ascii() }
    }

    /// Whether a text matches, ASCII letters without regard to case.
    pub(crate) fn matches(&self, text: &str) -> bool {
        self.matches_by(text, |a, b| a.eq_ignore_ascii_case(&b))
    }

    fn matches_by(&self, text: &str, same: fn(char, char) -> bool) -> bool {
        let Some(parts) = &self.parts else { return false };
        if self.ascii && text.is_ascii() {
            return wild(text.as_bytes(), parts, |wanted, found| same(wanted, char::from(found)));
        }
        wild(&text.chars().collect::<Vec<char>>(), parts, same)
    }
}

fn matches(arguments: &[Value], same: fn(char, char) -> bool) -> Result<Value, String> {
    let escape = match arguments.get(2) {
        None => None,
        Some(_) => {
            let mut chars = text(arguments, 2).chars();
            match (chars.next(), chars.next()) {
                (Some(escape), None) => Some(escape),
                _ => return Err("ESCAPE must be one character".to_owned()),
            }
        }
    };
    let pattern = Pattern::like(text(arguments, 1), escape);
    Ok(Value::Bool(pattern.matches_by(text(arguments, 0), same)))
}

/// Matches by remembering the last `%`: linear but for it, never exponential.
fn wild<T: Copy>(text: &[T], parts: &[Part], same: impl Fn(char, T) -> bool) -> bool {
    let (mut at, mut part) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(found) = text.get(at) {
        let fits = match parts.get(part) {
            Some(Part::Many) => {
                retry = Some((part, at));
                part += 1;
                continue;
            }
            Some(Part::One) => true,
            Some(Part::Char(wanted)) => same(*wanted, *found),
            None => false,
        };
        if fits {
            (at, part) = (at + 1, part + 1);
        } else if let Some((many, start)) = retry {
            retry = Some((many, start + 1));
            (at, part) = (start + 1, many + 1);
        } else {
            return false;
        }
    }
    parts.get(part..).unwrap_or_default().iter().all(|part| matches!(part, Part::Many))
}

/// GLOB: `*`, `?`, exact case. Brackets are refused by the checker's absence of them here: they are an error.
pub(super) fn glob(arguments: &[Value]) -> Result<Value, String> {
    let mut parts = Vec::new();
    for ch in text(arguments, 1).chars() {
        parts.push(match ch {
            '*' => Part::Many,
            '?' => Part::One,
            '[' => return Err("character classes in GLOB are not supported".to_owned()),
            ch => Part::Char(ch),
        });
    }
    let text: Vec<char> = text(arguments, 0).chars().collect();
    Ok(Value::Bool(wild(&text, &parts, |a, b| a == b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, pattern: &str) -> bool {
        like(&[Value::Str(text.to_owned()), Value::Str(pattern.to_owned())]).unwrap()
            == Value::Bool(true)
    }

    #[test]
    fn like_knows_its_wildcards() {
        assert!(check("Bob", "b_B"));
        assert!(check("äöü", "_ö%"));
        assert!(check("", "%"));
        assert!(!check("", "_"));
        assert!(check("aXbXc", "a%x%c"));
        assert!(!check("abc", "a%d"));
    }
}
