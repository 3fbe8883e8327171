//! The text under repair: its lines, each with its number in what was pasted, and what was done so far.

use super::Repair;
use crate::python;

/// A line and where it comes from.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its number in the pasted text, from 1.
    pub(super) number: u32,
    pub(super) text: String,
}

impl Line {
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// The text under repair.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) lines: Vec<Line>,
    pub(super) repairs: Vec<Repair>,
}

impl Text {
    pub(super) fn new(pasted: &str) -> Self {
        let plain = pasted.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
        let lines = plain
            .split('\n')
            .zip(1..)
            .map(|(line, number)| Line { number, text: line.into() })
            .collect();
        Self { lines, repairs: Vec::new() }
    }

    /// The lines as one text, without blank lines at its ends.
    pub(super) fn source(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            if !(out.is_empty() && line.is_blank()) {
                out.push_str(line.text.trim_end());
                out.push('\n');
            }
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }

    /// Whether Python accepts it.
    pub(super) fn is_python(&self) -> bool {
        is_python(&self.lines)
    }

    pub(super) fn is_blank(&self) -> bool {
        self.lines.iter().all(Line::is_blank)
    }

    /// Notes a repair of the lines with these numbers; none where there are none.
    pub(super) fn note(&mut self, what: impl Into<String>, numbers: &[u32]) {
        if let (Some(first), Some(last)) = (numbers.iter().min(), numbers.iter().max()) {
            self.repairs.push(Repair { what: what.into(), first: *first, last: *last });
        }
    }
}

/// Whether Python accepts these lines.
pub(super) fn is_python(lines: &[Line]) -> bool {
    let source: String = lines.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect();
    python::is_valid(&source)
}

/// The lines that `keep` says, and the numbers of the others that are not blank.
pub(super) fn sift(lines: &mut Vec<Line>, keep: &mut dyn FnMut(&mut Line) -> bool) -> Vec<u32> {
    let mut dropped = Vec::new();
    lines.retain_mut(|line| {
        let kept = keep(line);
        if !kept && !line.is_blank() {
            dropped.push(line.number);
        }
        kept
    });
    dropped
}
