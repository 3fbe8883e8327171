//! Diagnostics as the problems pane shows them: one item per cause. Pure.

use std::collections::BTreeMap;

use throughline_core::check::Subject;
use throughline_core::{Diagnostic, Severity};

/// One cause with all of its messages, in source order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What the messages have in common.
    pub key: String,
    /// The worst of their severities.
    pub severity: Severity,
    /// The messages; never empty.
    pub messages: Vec<Diagnostic>,
}

impl Problem {
    /// The message that stands for all: where the item leads, and whose fixes it offers.
    pub fn main(&self) -> Option<&Diagnostic> {
        self.messages.iter().find(|message| !message.fixes.is_empty()).or(self.messages.first())
    }

    /// The ORM's check ids (or its exceptions), each once, in order.
    pub fn ids(&self) -> Vec<&'static str> {
        let mut ids = Vec::new();
        for id in self.messages.iter().filter_map(|message| message.id.or(message.exception)) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// Everything that any of its messages marks.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.messages.iter().flat_map(|message| {
            std::iter::once(&message.subject)
                .chain(message.related.iter().map(|(subject, _)| subject))
        })
    }
}

/// The worst severity and the number of messages at each model and field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    subjects: BTreeMap<Subject, Mark>,
    counts: BTreeMap<String, Mark>,
}

/// How something is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The worst severity there.
    pub severity: Severity,
    /// How many messages name it.
    pub count: usize,
}

impl Marks {
    /// The mark of a field or of a reverse accessor (`related` sides of a clash included).
    pub fn field(&self, model: &str, field: &str) -> Option<Mark> {
        let subject = Subject { model: Some(model.into()), field: Some(field.into()) };
        self.subjects.get(&subject).copied()
    }

    /// The mark of a model: all messages about it or its fields.
    pub fn model(&self, model: &str) -> Option<Mark> {
        self.counts.get(model).copied()
    }
}

/// Groups messages by cause, in order of their first message; errors first is not done, as source order reads better.
pub fn by_cause(diagnostics: &[Diagnostic]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let place = *places.entry(&diagnostic.cause.key).or_insert(problems.len());
        match problems.get_mut(place) {
            Some(problem) => {
                problem.severity = problem.severity.min(diagnostic.severity);
                problem.messages.push(diagnostic.clone());
            }
            None => problems.push(Problem {
                key: diagnostic.cause.key.clone(),
                severity: diagnostic.severity,
                messages: vec![diagnostic.clone()],
            }),
        }
    }
    problems
}

/// What to mark in the diagram.
pub fn marks(diagnostics: &[Diagnostic]) -> Marks {
    let mut marks = Marks::default();
    for diagnostic in diagnostics {
        let severity = diagnostic.severity;
        let related = diagnostic.related.iter().map(|(subject, _)| subject);
        for subject in std::iter::once(&diagnostic.subject).chain(related) {
            add(
                marks.subjects.entry(subject.clone()).or_insert(Mark { severity, count: 0 }),
                severity,
            );
        }
        if let Some(model) = &diagnostic.subject.model {
            add(marks.counts.entry(model.clone()).or_insert(Mark { severity, count: 0 }), severity);
        }
    }
    marks
}

fn add(mark: &mut Mark, severity: Severity) {
    mark.severity = mark.severity.min(severity);
    mark.count += 1;
}
