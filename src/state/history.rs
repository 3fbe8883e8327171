//! One history for typing, drawing and moving alike. Pure: time comes in as an argument.

use super::Content;

/// Typing that goes on after such a pause (in milliseconds) is a step of its own.
const PAUSE: f64 = 800.0;
/// Steps that are kept.
const STEPS: usize = 500;
/// Bytes of models and rows that the kept steps may hold together.
const BYTES: usize = 32 << 20;

/// A change that can be taken back.
#[derive(Clone, Debug)]
struct Step {
    label: String,
    before: Content,
    after: Content,
}

/// Where the last keystroke left off, while the next one may still belong to its step.
#[derive(Clone, Copy, Debug)]
struct Typing {
    at: f64,
    caret: usize,
}

/// What has been done and what has been taken back.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    typing: Option<Typing>,
}

impl History {
    /// Notes a change that is a step by itself.
    pub(super) fn record(&mut self, label: &str, before: Content, after: Content) {
        self.typing = None;
        self.push(Step { label: label.into(), before, after });
    }

    /// Notes a change of the models text by typing, at time `now` in milliseconds. Keystrokes that follow each other
    /// at one place become one step per word.
    pub(super) fn record_typing(&mut self, before: Content, after: Content, now: f64) {
        let change = Change::between(&before.models, &after.models);
        let goes_on = self
            .typing
            .is_some_and(|typing| now - typing.at < PAUSE && change.goes_on_from(typing.caret));
        self.typing = Some(Typing { at: now, caret: change.start + change.inserted.len() });
        match self.done.last_mut() {
            Some(step) if goes_on => {
                step.after = after;
                self.undone.clear();
            }
            _ => self.push(Step { label: "typing".into(), before, after }),
        }
    }

    /// What the content is after one step back, and that step's label.
    pub(super) fn undo(&mut self, present: &Content) -> Option<(Content, String)> {
        self.typing = None;
        let step = self.done.pop()?;
        let content = present.shifted(&step.after, &step.before);
        let label = step.label.clone();
        self.undone.push(step);
        Some((content, label))
    }

    /// What the content is after one step forward again, and that step's label.
    pub(super) fn redo(&mut self, present: &Content) -> Option<(Content, String)> {
        self.typing = None;
        let step = self.undone.pop()?;
        let content = present.shifted(&step.before, &step.after);
        let label = step.label.clone();
        self.done.push(step);
        Some((content, label))
    }

    /// The label of the step that undo would take back.
    pub(super) fn undo_label(&self) -> Option<&str> {
        self.done.last().map(|step| step.label.as_str())
    }

    /// The label of the step that redo would bring back.
    pub(super) fn redo_label(&self) -> Option<&str> {
        self.undone.last().map(|step| step.label.as_str())
    }

    fn push(&mut self, step: Step) {
        self.undone.clear();
        self.done.push(step);
        let mut bytes = 0;
        let kept = self.done.iter().rev().take(STEPS).take_while(|step| {
            bytes += step.before.models.len() + step.before.rows.len();
            bytes <= BYTES
        });
        let dropped = self.done.len() - kept.count().max(1);
        self.done.drain(..dropped);
    }
}

/// The one range in which two texts differ.
struct Change<'a> {
    start: usize,
    removed: usize,
    inserted: &'a str,
    after_space: bool,
}

impl<'a> Change<'a> {
    fn between(before: &str, after: &'a str) -> Self {
        let same = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
        let start = floor(after, same);
        let (old, new) =
            (before.get(start..).unwrap_or_default(), after.get(start..).unwrap_or_default());
        let same = old.bytes().rev().zip(new.bytes().rev()).take_while(|(a, b)| a == b).count();
        let end = ceil(new, new.len() - same);
        let inserted = new.get(..end).unwrap_or_default();
        let before_it = after.get(..start).and_then(|text| text.chars().next_back());
        let removed = old.len() - (new.len() - end);
        Self { start, removed, inserted, after_space: before_it.is_none_or(char::is_whitespace) }
    }

    fn goes_on_from(&self, caret: usize) -> bool {
        let adjoins = self.start == caret || self.start + self.removed == caret;
        let new_word = self.after_space
            && self.inserted.chars().next().is_some_and(|first| !first.is_whitespace());
        let pasted = self.inserted.chars().count() > 8;
        adjoins && !new_word && !pasted
    }
}

/// The last boundary between characters at or before a byte.
fn floor(text: &str, byte: usize) -> usize {
    (0..=byte).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// The first boundary between characters at or after a byte.
fn ceil(text: &str, byte: usize) -> usize {
    (byte..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(models: &str) -> Content {
        Content { models: models.into(), ..Content::empty() }
    }

    fn typed(texts: &[(&str, f64)]) -> History {
        let mut history = History::default();
        for pair in texts.windows(2) {
            history.record_typing(text(pair[0].0), text(pair[1].0), pair[1].1);
        }
        history
    }

    #[test]
    fn a_word_is_one_step() {
        let mut history = typed(&[
            ("", 0.0),
            ("a", 1.0),
            ("ab", 2.0),
            ("ab ", 3.0),
            ("ab c", 4.0),
            ("ab cd", 5.0),
        ]);
        let (content, _) = history.undo(&text("ab cd")).unwrap();
        assert_eq!(&*content.models, "ab ");
        let (content, _) = history.undo(&content).unwrap();
        assert_eq!(&*content.models, "");
        assert!(history.undo(&content).is_none());
    }

    #[test]
    fn a_change_ends_between_characters() {
        // The two letters share their first byte, the two signs their last one.
        for (before, after, inserted) in
            [("xäy", "xöy", "ö"), ("x☂y", "x☃y", "☃"), ("é", "ééé", "éé")]
        {
            let change = Change::between(before, after);
            assert_eq!(
                (change.inserted, change.removed),
                (inserted, before.len() + inserted.len() - after.len())
            );
        }
    }

    #[test]
    fn a_pause_begins_a_step() {
        let mut history = typed(&[("", 0.0), ("a", 1.0), ("ab", 1.0 + PAUSE)]);
        assert_eq!(&*history.undo(&text("ab")).unwrap().0.models, "a");
    }

    #[test]
    fn another_place_begins_a_step() {
        let mut history = typed(&[("x\ny", 0.0), ("xa\ny", 1.0), ("xa\nya", 2.0)]);
        assert_eq!(&*history.undo(&text("xa\nya")).unwrap().0.models, "xa\ny");
    }

    #[test]
    fn deleting_backwards_is_one_step() {
        let mut history = typed(&[("abc", 0.0), ("ab", 1.0), ("a", 2.0)]);
        assert_eq!(&*history.undo(&text("a")).unwrap().0.models, "abc");
    }

    #[test]
    fn drawing_after_typing_is_its_own_step_and_redo_brings_it_back() {
        let mut history = typed(&[("", 0.0), ("a", 1.0)]);
        history.record("add model", text("a"), text("a\nb"));
        let (content, label) = history.undo(&text("a\nb")).unwrap();
        assert_eq!((&*content.models, label.as_str()), ("a", "add model"));
        assert_eq!(history.redo_label(), Some("add model"));
        assert_eq!(&*history.redo(&content).unwrap().0.models, "a\nb");
    }

    #[test]
    fn a_new_step_forgets_what_was_undone() {
        let mut history = typed(&[("", 0.0), ("a", 1.0)]);
        history.undo(&text("a"));
        history.record("paste", text(""), text("z"));
        assert_eq!(history.redo_label(), None);
    }

    #[test]
    fn the_history_is_bounded() {
        let mut history = History::default();
        for at in 0..STEPS + 10 {
            history.record("step", text(&at.to_string()), text(&(at + 1).to_string()));
        }
        assert_eq!(history.done.len(), STEPS);
    }
}
