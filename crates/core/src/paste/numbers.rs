//! Columns of line numbers: `12 | class A:`, ` 12  class A:`, or numbers on lines of their own.

use super::Trouble;
use super::scan::indent;
use super::text::{Line, Text, is_python, sift};

/// Takes out the line numbers, if there is a column of them.
pub(super) fn drop(text: &mut Text) -> Result<(), Trouble> {
    alone(text);
    let numbered: Vec<(usize, Numbered)> = text
        .lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| Some((at, Numbered::read(&line.text)?)))
        .collect();
    if !is_column(&numbered, text.lines.iter().filter(|line| !line.is_blank()).count()) {
        return Ok(());
    }
    // Numbers stand to the right or to the left in their column: blanks after them count from the number, or from the margin.
    let gap = least(&numbered, &|_, gap| gap);
    let column = least(&numbered, &|after, gap| after + gap);
    let from_number: Vec<Line> = stripped(&text.lines, &numbered, &|line| line.after + gap);
    let from_margin: Vec<Line> = stripped(&text.lines, &numbered, &|line| column.max(line.after));
    let numbers: Vec<u32> =
        numbered.iter().filter_map(|(at, _)| text.lines.get(*at).map(|line| line.number)).collect();
    text.lines =
        if oddness(&from_margin) < oddness(&from_number) { from_margin } else { from_number };
    text.note("Took out the line numbers", &numbers);
    Ok(())
}

/// A line that begins with a number.
struct Numbered {
    value: u32,
    /// Where the number and its separator end, in bytes.
    after: usize,
    /// How many blanks follow; none where the line ends there.
    gap: Option<usize>,
}

impl Numbered {
    fn read(line: &str) -> Option<Self> {
        let margin = line.len() - line.trim_start().len();
        let rest = line.trim_start();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let value = rest.get(..digits)?.parse().ok()?;
        let tail = rest.get(digits..)?;
        let blanks = tail.len() - tail.trim_start_matches([' ', '\t']).len();
        // ` 12 | `, `12: `, `12. `, `12) `: the separator belongs to the number.
        let separator = tail
            .get(blanks..)
            .and_then(|tail| tail.chars().next())
            .filter(|letter| match letter {
                '|' | '│' => true,
                // Further from the number it is code: a bracket that closes.
                ':' | '.' | ')' => blanks == 0,
                _ => false,
            })
            .map_or(0, |letter| blanks + letter.len_utf8());
        let body = tail.get(separator..)?;
        let text = body.trim_start();
        let gap = body.len() - text.len();
        if separator == 0 && gap == 0 && !text.is_empty() {
            return None;
        }
        let gap = if text.is_empty() { None } else { Some(gap) };
        Some(Self { value, after: margin + digits + separator, gap })
    }
}

/// Whether nearly all lines have a number, each by one higher than that before.
fn is_column(numbered: &[(usize, Numbered)], lines: usize) -> bool {
    let rising = numbered
        .iter()
        .zip(numbered.iter().skip(1))
        .filter(|((_, before), (_, after))| after.value == before.value + 1)
        .count();
    numbered.len() >= 2 && rising + 1 == numbered.len() && numbered.len() * 10 >= lines * 8
}

/// How much a reading looks wrong: whether Python refuses it, and how many lines are indented by no whole step.
fn oddness(lines: &[Line]) -> (bool, usize) {
    let odd = lines
        .iter()
        .filter(|line| !line.is_blank() && !indent(&line.text).is_multiple_of(4))
        .count();
    (!is_python(lines), odd)
}

/// The least width over the lines that have text after their number.
fn least(numbered: &[(usize, Numbered)], width: &dyn Fn(usize, usize) -> usize) -> usize {
    let widths = numbered.iter().filter_map(|(_, line)| Some(width(line.after, line.gap?)));
    widths.min().unwrap_or_default()
}

fn stripped(
    lines: &[Line],
    numbered: &[(usize, Numbered)],
    cut: &dyn Fn(&Numbered) -> usize,
) -> Vec<Line> {
    let mut numbered = numbered.iter().peekable();
    lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let text = match numbered.next_if(|(place, _)| *place == at) {
                Some((_, number)) => line.text.get(cut(number)..).unwrap_or_default().into(),
                None => line.text.clone(),
            };
            Line { number: line.number, text }
        })
        .collect()
}

/// Takes out lines that are numbers alone, where they count on and code stands between or after them.
fn alone(text: &mut Text) {
    let value = |line: &Line| line.text.trim().parse::<u32>().ok();
    let values: Vec<u32> = text.lines.iter().filter_map(value).collect();
    let counts =
        values.iter().zip(values.iter().skip(1)).all(|(before, after)| *after == before + 1);
    let others = text.lines.iter().filter(|line| !line.is_blank()).count() - values.len();
    if values.len() < 3 || !counts || values.len() < others / 2 || others == 0 {
        return;
    }
    let dropped = sift(&mut text.lines, &mut |line| value(line).is_none());
    text.note("Took out the line numbers, which stood on lines of their own", &dropped);
}
