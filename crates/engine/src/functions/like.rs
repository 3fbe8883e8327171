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
enum Part {
    Many,
    One,
    Char(char),
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
    let mut parts = Vec::new();
    let mut pattern = text(arguments, 1).chars();
    while let Some(ch) = pattern.next() {
        parts.push(match ch {
            ch if Some(ch) == escape => match pattern.next() {
                Some(next) => Part::Char(next),
                // A pattern that ends in its escape matches nothing.
                None => return Ok(Value::Bool(false)),
            },
            '%' => Part::Many,
            '_' => Part::One,
            ch => Part::Char(ch),
        });
    }
    let text: Vec<char> = text(arguments, 0).chars().collect();
    Ok(Value::Bool(wild(&text, &parts, same)))
}

/// Matches by remembering the last `%`: linear but for it, never exponential.
fn wild(text: &[char], parts: &[Part], same: fn(char, char) -> bool) -> bool {
    let (mut at, mut part) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        let fits = match (parts.get(part), text.get(at)) {
            (Some(Part::Many), _) => {
                retry = Some((part, at));
                part += 1;
                continue;
            }
            (Some(Part::One), _) => true,
            (Some(Part::Char(wanted)), Some(found)) => same(*wanted, *found),
            _ => false,
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
