//! Rules about style sheets.

use super::File;

/// The only file with raw colours.
const TOKENS: &str = "style/tokens.css";

/// All that is wrong with the style sheets.
pub(super) fn check(files: &[File]) -> Vec<String> {
    let page = files
        .iter()
        .find(|file| file.path == "index.html")
        .map(|file| file.text.as_str())
        .unwrap_or_default();
    let mut findings = Vec::new();
    for file in
        files.iter().filter(|file| file.path.starts_with("style/") && file.path.ends_with(".css"))
    {
        if !page.contains(&file.path) {
            findings.push(format!("{}: index.html does not link it", file.path));
        }
        for (index, line) in file.text.lines().enumerate() {
            let place = format!("{}:{}", file.path, index + 1);
            if file.path != TOKENS && has_hex_colour(line) {
                findings.push(format!("{place}: colours are tokens, in {TOKENS}"));
            }
            if line.contains("!important") {
                findings
                    .push(format!("{place}: `!important` hides a conflict instead of solving it"));
            }
        }
    }
    findings
}

/// `#abc`, `#aabbcc` and their forms with opacity, but not an id (`#canvas`).
fn has_hex_colour(line: &str) -> bool {
    line.split('#').skip(1).any(|rest| {
        let end = rest.find(|character: char| {
            !character.is_ascii_alphanumeric() && character != '-' && character != '_'
        });
        let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        matches!(word.len(), 3 | 4 | 6 | 8)
            && word.chars().all(|character| character.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_colours_from_ids() {
        assert!(has_hex_colour("color: #fff;"));
        assert!(has_hex_colour("color: #12ab34cd"));
        assert!(!has_hex_colour("#canvas { color: var(--text) }"));
        assert!(!has_hex_colour("fill: url(#end-one)"));
    }
}
