//! The chain from source text to everything that is shown, one memo per stage, in stage order.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::check::{self, Examined};
use throughline_core::document::LineIndex;
use throughline_core::{Analysis, Diagnostic, Document, Resolved, Tables, live, orm};

use super::Content;
use super::problems::{self, Marks, Problem};

/// The results of stages 2 to 4.
type Parts = (Arc<Resolved>, Arc<Vec<Diagnostic>>, Arc<Tables>);

/// What follows from the project. Each memo notifies only when its own value changes.
#[derive(Clone, Copy)]
pub struct Derived {
    /// Whether the rules are there. They are in the page's second part, and the first diagram does not wait for them.
    pub checked: RwSignal<bool>,
    /// The ORM's id.
    pub orm: Memo<&'static str>,
    /// The models text.
    pub source: Memo<Arc<str>>,
    /// Where its lines begin.
    pub lines: Memo<Arc<LineIndex>>,
    /// Stage 1: what the source declares.
    pub document: Memo<Arc<Document>>,
    /// Stage 2: what the ORM makes of it.
    pub resolved: Memo<Arc<Resolved>>,
    /// Stage 3: what is wrong with it, in source order.
    pub diagnostics: Memo<Arc<Vec<Diagnostic>>>,
    /// Diagnostics by cause: the items of the problems pane.
    pub problems: Memo<Arc<Vec<Problem>>>,
    /// What each model and field is marked with.
    pub marks: Memo<Arc<Marks>>,
    /// Stage 4: the tables.
    pub tables: Memo<Arc<Tables>>,
    /// What running calls ask of the models, as bytes for the worker. Costs nothing until calls are run.
    pub live: Memo<Arc<[u8]>>,
}

impl Derived {
    /// The chain over a project.
    pub fn of(content: Signal<Content>) -> Self {
        let checked = RwSignal::new(true);
        let orm = Memo::new(move |_| content.with(|content| content.orm));
        let source = Memo::new(move |_| content.with(|content| content.models.clone()));
        let lines = Memo::new(move |_| source.with(|source| Arc::new(LineIndex::new(source))));
        let document = Memo::new(move |_| {
            let orm = orm::by_id(orm.get());
            Arc::new(source.with(|source| orm.map(|orm| orm.read(source)).unwrap_or_default()))
        });
        // Stages 2 to 4 go through the ORM's start-up together; each result is told by itself.
        let examined = Memo::new(move |_| {
            let Some(orm) = orm::by_id(orm.get()) else { return Parts::default() };
            let (source, document) = (source.get(), document.get());
            if !checked.get() {
                let resolved = orm.resolve(&document);
                let tables = orm.lower(&document, &resolved);
                return (Arc::new(resolved), Arc::default(), Arc::new(tables));
            }
            let Examined { resolved, diagnostics, tables } =
                check::examine(orm, &source, &document);
            (Arc::new(resolved), Arc::new(diagnostics), Arc::new(tables))
        });
        let resolved = Memo::new(move |_| examined.with(|(resolved, _, _)| resolved.clone()));
        let diagnostics = Memo::new(move |_| examined.with(|(_, found, _)| found.clone()));
        let tables = Memo::new(move |_| examined.with(|(_, _, tables)| tables.clone()));
        let problems = Memo::new(move |_| {
            diagnostics.with(|diagnostics| Arc::new(problems::by_cause(diagnostics)))
        });
        let marks = Memo::new(move |_| {
            diagnostics.with(|diagnostics| Arc::new(problems::marks(diagnostics)))
        });
        let live = Memo::new(move |_| {
            let analysis = Analysis {
                document: document.get().as_ref().clone(),
                resolved: resolved.get().as_ref().clone(),
                diagnostics: Vec::new(),
                tables: tables.get().as_ref().clone(),
            };
            live::Models::of(&analysis).to_bytes().into()
        });
        Self {
            checked,
            orm,
            source,
            lines,
            document,
            resolved,
            diagnostics,
            problems,
            marks,
            tables,
            live,
        }
    }
}
