//! Names: whether they are Python identifiers, how they are derived, which is nearest to a misspelt one.

/// Python's keywords (`keyword.kwlist` of Python 3.11).
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// Whether the name is a Python keyword.
pub fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// Whether the text can be an attribute: an identifier that is no keyword.
pub fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && letters.all(|letter| letter == '_' || letter.is_alphanumeric())
        && !is_keyword(name)
}

/// The nearest identifier: `my moons` becomes `my_moons`, `1st_probes` becomes `first`-less `st_probes`, `class` becomes `class_items`.
pub fn to_identifier(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if letter == '_' || letter.is_alphanumeric() {
            out.push(letter);
        } else if !out.ends_with('_') {
            out.push('_');
        }
    }
    while out.contains("__") {
        out = out.replace("__", "_");
    }
    let out = out
        .trim_matches('_')
        .trim_start_matches(|letter: char| letter.is_numeric())
        .trim_start_matches('_')
        .to_owned();
    if out.is_empty() {
        "items".to_owned()
    } else if is_keyword(&out) {
        format!("{out}_items")
    } else {
        out
    }
}

/// `BlogEntry` as `blog_entry`.
pub fn snake(name: &str) -> String {
    let mut out = String::new();
    let mut before_upper = true;
    for letter in name.chars() {
        if letter.is_uppercase() && !before_upper && !out.ends_with('_') {
            out.push('_');
        }
        before_upper = letter.is_uppercase();
        out.extend(letter.to_lowercase());
    }
    out.trim_matches('_').to_owned()
}

/// A rough English plural, good enough for a proposal.
pub fn plural(name: &str) -> String {
    let vowel_before_y = ["ay", "ey", "oy", "uy"].iter().any(|end| name.ends_with(end));
    if name.ends_with('y') && !vowel_before_y {
        format!("{}ies", name.trim_end_matches('y'))
    } else if ["s", "x", "ch", "sh", "z"].iter().any(|end| name.ends_with(end)) {
        format!("{name}es")
    } else {
        format!("{name}s")
    }
}

/// A rough English singular.
pub fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for end in ["sses", "xes", "ches", "shes"] {
        if let Some(stem) = name.strip_suffix(end) {
            return format!("{stem}{}", end.trim_end_matches("es"));
        }
    }
    match name.strip_suffix('s') {
        Some(stem)
            if !name.ends_with("ss")
                && !name.ends_with("us")
                && !name.ends_with("is")
                && stem.len() > 1 =>
        {
            stem.to_owned()
        }
        _ => name.to_owned(),
    }
}

/// The candidate that was probably meant: the nearest, if it is near enough to be a slip.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = wanted.to_lowercase();
    let allowed = (wanted.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != wanted)
        .map(|candidate| {
            (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The first of the candidates, or of numbered ones after them, that `taken` refuses not.
pub fn free(candidates: &[String], taken: impl Fn(&str) -> bool) -> String {
    let last = candidates.last().map_or("items", String::as_str);
    candidates
        .iter()
        .cloned()
        .chain((2..100).map(|number| format!("{last}_{number}")))
        .find(|name| is_identifier(name) && !taken(name))
        .unwrap_or_else(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_derived() {
        assert_eq!(snake("BlogEntry"), "blog_entry");
        assert_eq!(snake("HTTPServer"), "httpserver");
        assert_eq!(plural("city"), "cities");
        assert_eq!(plural("match"), "matches");
        assert_eq!(singular("matches"), "match");
        assert_eq!(singular("players"), "player");
        assert_eq!(singular("status"), "status");
        assert_eq!(to_identifier("my moons"), "my_moons");
        assert_eq!(to_identifier("1st_probes"), "st_probes");
        assert_eq!(to_identifier("class"), "class_items");
    }

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        assert_eq!(nearest("Tagg", ["Tag", "Ticket"]), Some("Tag"));
        assert_eq!(nearest("tag", ["Tag"]), Some("Tag"));
        assert_eq!(nearest("Concert", ["Ticket", "Venue"]), None);
    }
}
