//! Scripts of ORM calls: running them, and what the last one came to.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_worker::protocol::{Ask, Models, Names, Range, ScriptReport, Tell};

use super::wire::Pending;
use super::{Engine, answers};

/// The script that is run, or the part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Its text.
    pub text: Arc<str>,
    /// The byte of the whole script that it begins at.
    pub from: u32,
    /// Whether it is the whole.
    pub names: Names,
}

impl Excerpt {
    /// The whole script.
    pub fn whole(text: Arc<str>) -> Self {
        Self { text, from: 0, names: Names::Forgotten }
    }

    /// A part of a script, which may use the names that were given before.
    pub fn part(script: &str, from: u32, to: u32) -> Self {
        let text = script.get(from as usize..to as usize).unwrap_or_default();
        Self { text: text.into(), from, names: Names::Kept }
    }
}

/// A script that ran, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// The request that ran it.
    pub run: u32,
    /// The script.
    pub script: Excerpt,
    /// What it did.
    pub report: ScriptReport,
}

impl Played {
    /// A statement's text.
    pub fn source(&self, range: Range) -> &str {
        self.script.text.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    /// A range in the script of the editor.
    pub fn place(&self, range: Range) -> Range {
        let from = self.script.from;
        Range { start: range.start + from, end: range.end + from }
    }
}

impl Engine {
    /// Runs a script of ORM calls; what ran before stays on screen until it is done.
    pub fn play(self, models: Models, script: Excerpt) {
        if script.text.trim().is_empty() {
            return;
        }
        let ask = Ask::Play { models, source: script.text.to_string(), names: script.names };
        self.begin(ask, Pending::Play { script });
    }

    /// Asks the worker something that changes nothing. `then` may never be called.
    pub fn ask(self, ask: Ask, then: impl FnOnce(Tell) + 'static) {
        self.with(|inner| inner.wire.ask(ask, Pending::Question(Box::new(then))));
    }

    /// A script of ORM calls has ended.
    pub(super) fn played(self, id: u32, script: Excerpt, report: ScriptReport) {
        let newest =
            answers::ended(self, id, report.changed, report.tables.clone(), |recipe| recipe.lose());
        if newest {
            self.opened.set(None);
            self.elsewhere.set(None);
            let walks = report.cards.iter().rev().flat_map(|card| card.walks.first());
            let walk = walks.cloned().map(Arc::new).next();
            if let Some(app) = self.with(|inner| inner.app).flatten() {
                app.ui.walked.set(walk);
            }
            self.played.set(Some(Arc::new(Played { run: id, script, report })));
        }
    }
}
