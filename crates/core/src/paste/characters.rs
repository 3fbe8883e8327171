//! Blanks that only look like blanks, and characters that cannot be seen.

use super::Trouble;
use super::scan::{Open, Place, walk};
use super::text::Text;

/// Makes every blank outside of strings a plain one, and takes out what has no width. Where lines are indented by tabs and by
/// blanks, the tabs become four blanks.
pub(super) fn plain_blanks(text: &mut Text) -> Result<(), Trouble> {
    let (mut blanks, mut hidden, mut tabs) = (Vec::new(), Vec::new(), Vec::new());
    let is_mixed = text.lines.iter().any(|line| line.text.starts_with('\t'))
        && text.lines.iter().any(|line| line.text.starts_with(' ') && !line.is_blank());
    let mut open = Open::default();
    for line in &mut text.lines {
        let mut out = String::with_capacity(line.text.len());
        let after = walk(&line.text, open, &mut |_, letter, place| {
            if place == Place::String {
                out.push(letter);
            } else if is_odd_blank(letter) {
                blanks.push(line.number);
                out.push(' ');
            } else if is_hidden(letter) {
                hidden.push(line.number);
            } else if letter == '\t' && is_mixed && out.trim().is_empty() {
                tabs.push(line.number);
                out.push_str("    ");
            } else {
                out.push(letter);
            }
        });
        line.text = out;
        open = after;
    }
    text.note("Replaced non-breaking and other odd blanks by plain ones", &blanks);
    text.note("Took out characters without a width", &hidden);
    text.note("Replaced tabs by four blanks, as other lines are indented by blanks", &tabs);
    Ok(())
}

/// What Unicode has besides the plain blank.
const fn is_odd_blank(letter: char) -> bool {
    matches!(letter, '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

const fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}
