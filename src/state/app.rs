//! The one thing in context: the project, its history, what follows from it, and what the user may do.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::Span;
use throughline_core::check::Subject;
use throughline_core::edit::{self, Edit, EditError, TextEdit};

use super::fix_all::fix_all;
use super::history::History;
use super::run::Engine;
use super::ui::{Chosen, Notice, Offer, Toast, ToastKind, Undo};
use super::{Content, Derived, Layout, Pane, Selection, Ui, persist};
use crate::platform::{clock, rest};

/// Cheap to copy: handles of signals. Views get it by `expect_context::<App>()`.
#[derive(Clone, Copy)]
pub struct App {
    content: RwSignal<Content>,
    history: RwSignal<History>,
    /// Whether the user has changed the project since it was opened.
    pub(super) edited: StoredValue<bool>,
    /// Names the stay of this project in this tab.
    pub(super) stay: StoredValue<String>,
    /// What follows from the project, stage by stage.
    pub derived: Derived,
    /// What is chosen, open and in view.
    pub ui: Ui,
    /// The database in its worker, and what scripts gave.
    pub engine: Engine,
    /// All models and fields that the selection marks, in every pane.
    pub marked: Memo<Arc<BTreeSet<Subject>>>,
    /// The project's title.
    pub title: Memo<Arc<str>>,
    /// The SQL in the query editor.
    pub sql: Memo<Arc<str>>,
    /// The script in the console.
    pub script: Memo<Arc<str>>,
    /// SQL that brings the user's own rows; empty: the sample rows.
    pub rows: Memo<Arc<str>>,
    /// Where models stand that the user moved.
    pub layout: Memo<Arc<Layout>>,
    /// What undo would take back.
    pub undo_label: Memo<Option<String>>,
    /// What redo would bring back.
    pub redo_label: Memo<Option<String>>,
}

impl App {
    /// The state as the page opens: from the address, from this browser's storage, or the first example.
    pub fn open() -> Self {
        let app = Self::with(Content::empty());
        app.derived.checked.set(false);
        rest::once_whole(move || app.derived.checked.set(true));
        app.ui.follow_system();
        persist::start(app);
        app.engine.start(app);
        app
    }

    /// The state around a project; nothing is loaded or saved.
    pub fn with(content: Content) -> Self {
        let content = RwSignal::new(content);
        let history = RwSignal::new(History::default());
        let derived = Derived::of(content.into());
        let ui = Ui::new();
        let marked = Memo::new(move |_| {
            Arc::new(match ui.chosen.get().what {
                Selection::Nothing => BTreeSet::new(),
                Selection::Model(model) => {
                    BTreeSet::from([Subject { model: Some(model), field: None }])
                }
                Selection::Field(model, field) => {
                    BTreeSet::from([Subject { model: Some(model), field: Some(field) }])
                }
                Selection::Problem(key) => derived.problems.with(|problems| {
                    let problem = problems.iter().find(|problem| problem.key == key);
                    problem.into_iter().flat_map(|problem| problem.subjects().cloned()).collect()
                }),
            })
        });
        Self {
            content,
            history,
            edited: StoredValue::new(false),
            stay: StoredValue::new(clock::unique_name()),
            derived,
            ui,
            engine: Engine::new(),
            marked,
            title: Memo::new(move |_| content.with(|content| content.title.clone())),
            sql: Memo::new(move |_| content.with(|content| content.sql.clone())),
            script: Memo::new(move |_| content.with(|content| content.script.clone())),
            rows: Memo::new(move |_| content.with(|content| content.rows.clone())),
            layout: Memo::new(move |_| content.with(|content| content.layout.clone())),
            undo_label: Memo::new(move |_| {
                history.with(|history| history.undo_label().map(Into::into))
            }),
            redo_label: Memo::new(move |_| {
                history.with(|history| history.redo_label().map(Into::into))
            }),
        }
    }

    /// The whole project, for saving and sharing.
    pub fn content(self) -> Signal<Content> {
        self.content.into()
    }

    // ---- changes of the project, all of which can be undone ----

    /// The models text after the user typed in the source editor.
    pub fn type_models(self, text: &str) {
        let before = self.content.get_untracked();
        if *before.models == *text {
            return;
        }
        self.edited.set_value(true);
        let after = Content { models: text.into(), ..before.clone() };
        self.history.update(|history| history.record_typing(before, after.clone(), clock::now()));
        self.content.set(after);
    }

    /// Edits the models by other means than typing.
    ///
    /// # Errors
    /// Where the edit does not fit the text, which is then unchanged.
    pub fn dispatch(self, edit: &Edit) -> Result<(), EditError> {
        let edits = self.preview(edit)?;
        self.apply_text(&edits, &label(edit));
        Ok(())
    }

    /// What an edit would change in the text, without doing it.
    ///
    /// # Errors
    /// As [`App::dispatch`].
    pub fn preview(self, edit: &Edit) -> Result<Vec<TextEdit>, EditError> {
        let content = self.content.get_untracked();
        let Some(orm) = content.orm() else { return Ok(Vec::new()) };
        self.derived
            .document
            .with_untracked(|document| edit::edit(orm, &content.models, document, edit))
    }

    /// Changes the models text in places; `label` names the step: "set related_name".
    pub fn apply_text(self, edits: &[TextEdit], label: &str) {
        self.change(label, |content| content.models = edit::apply(&content.models, edits).into());
    }

    /// Replaces the models text as a whole.
    pub fn set_models(self, text: &str, label: &str) {
        self.change(label, |content| content.models = text.into());
    }

    /// Moves models; `label` names the step: "move Student".
    pub fn set_layout(self, layout: Layout, label: &str) {
        self.change(label, |content| content.layout = Arc::new(layout));
    }

    /// Renames the project.
    pub fn set_title(self, title: &str) {
        self.change("rename project", |content| content.title = title.into());
    }

    /// Sets the SQL that brings the user's own rows.
    pub fn set_rows(self, rows: &str, label: &str) {
        self.change(label, |content| content.rows = rows.into());
    }

    /// Puts another project in the place of this one: a step that can be undone. Where there is work in this one, it is
    /// put aside in the browser's storage besides, as the history does not outlive the page.
    pub fn replace(self, content: Content, label: &str) {
        // Where it cannot be stored, undo still brings it back.
        let _ = persist::put_aside(self);
        self.ui.chosen.set(Chosen { what: Selection::Nothing, by: Pane::Diagram });
        self.change(label, |now| *now = content);
        self.edited.set_value(false);
        self.stay.set_value(clock::unique_name());
    }

    /// Titles of the projects that were put aside, the latest first.
    pub fn aside(self) -> Vec<String> {
        persist::aside()
    }

    /// Brings back a project that was put aside, by its place among them; the open one takes its place.
    pub fn take_back(self, index: usize) {
        persist::take_back(self, index);
    }

    /// Puts another project in the place of this one and forgets the history.
    pub(super) fn load(self, content: Content, edited: bool) {
        self.ui.chosen.set(Chosen { what: Selection::Nothing, by: Pane::Diagram });
        self.history.set(History::default());
        self.edited.set_value(edited);
        self.stay.set_value(clock::unique_name());
        self.content.set(content);
    }

    /// The text in the query editor. No step of the history: the field has its own undo.
    pub fn set_sql(self, sql: &str) {
        if self.content.with_untracked(|content| *content.sql != *sql) {
            self.edited.set_value(true);
            self.content.update(|content| content.sql = sql.into());
        }
    }

    /// The text in the console. No step of the history either.
    pub fn set_script(self, script: &str) {
        if self.content.with_untracked(|content| *content.script != *script) {
            self.edited.set_value(true);
            self.content.update(|content| content.script = script.into());
        }
    }

    /// One step back, whatever it was.
    pub fn undo(self) {
        let present = self.content.get_untracked();
        if let Some((content, _)) =
            self.history.try_update(|history| history.undo(&present)).flatten()
        {
            self.stepped(content);
        }
    }

    /// One step forward again.
    pub fn redo(self) {
        let present = self.content.get_untracked();
        if let Some((content, _)) =
            self.history.try_update(|history| history.redo(&present)).flatten()
        {
            self.stepped(content);
        }
    }

    fn stepped(self, content: Content) {
        self.edited.set_value(true);
        self.content.set(content);
        // An offer to undo that very step is out of date.
        self.ui.toast.set(None);
        let is_offered = |offer: &Offer| matches!(offer, Offer::PutBack(_) | Offer::ReadAs(_));
        if self.ui.notice.with_untracked(|notice| {
            notice.iter().flat_map(|notice| &notice.offers).any(is_offered)
        }) {
            self.ui.notice.set(None);
        }
    }

    /// Presses a fix of a message, given by their places; says so, with a way back.
    pub fn fix(self, message: usize, fix: usize) {
        let diagnostics = self.derived.diagnostics.get_untracked();
        let Some(fix) = diagnostics.get(message).and_then(|message| message.fixes.get(fix)) else {
            return;
        };
        self.apply_text(&fix.edits, &fix.title.replace('`', ""));
        self.toast(ToastKind::Done, &fix.title, Undo::Offered);
    }

    /// Presses all fixes that do what they promise, as one step.
    pub fn fix_all(self) {
        let content = self.content.get_untracked();
        let Some(orm) = content.orm() else { return };
        let before = self.derived.problems.with_untracked(|problems| problems.len());
        let mended = fix_all(orm, &content.models);
        if mended.fixed == 0 {
            self.toast(
                ToastKind::Note,
                "No fix here is safe to press without you. Press them one by one.",
                Undo::None,
            );
            return;
        }
        self.set_models(&mended.text, "fix all");
        self.toast(
            ToastKind::Done,
            format!("Fixed {} of {before} problems", mended.fixed),
            Undo::Offered,
        );
    }

    pub(super) fn change(self, label: &str, change: impl FnOnce(&mut Content)) {
        let before = self.content.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            self.history.update(|history| history.record(label, before, after.clone()));
            self.edited.set_value(true);
            self.content.set(after);
        }
    }

    // ---- choosing and telling ----

    /// Chooses something in one pane; the others mark it and bring it into view.
    pub fn choose(self, what: Selection, by: Pane) {
        let chosen = Chosen { what, by };
        if self.ui.chosen.with_untracked(|now| *now != chosen) {
            self.ui.chosen.set(chosen);
        }
    }

    /// Where the chosen thing stands in the source.
    pub fn chosen_span(self) -> Option<Span> {
        let document = self.derived.document.get();
        let field =
            |model: &str, field: &str| {
                Some(document.model(model)?.field(field).map_or_else(
                    || document.model(model).map(|m| m.name.span),
                    |f| Some(f.name.span),
                ))?
            };
        match self.ui.chosen.get().what {
            Selection::Nothing => None,
            Selection::Model(model) => document.model(&model).map(|model| model.name.span),
            Selection::Field(model, name) => field(&model, &name),
            Selection::Problem(key) => self.derived.problems.with(|problems| {
                problems
                    .iter()
                    .find(|problem| problem.key == key)?
                    .main()
                    .map(|message| message.span)
            }),
        }
    }

    /// Brings a place of the models text into view and puts the caret there.
    pub fn go_to(self, span: Span) {
        self.ui.pane.set(Pane::Source);
        self.ui.go_to.set(Some(span));
    }

    /// Line and column of a byte of the present models text, from 1. Not reactive: spans change with the text.
    pub fn line_column(self, offset: u32) -> (u32, u32) {
        let source = self.derived.source.get_untracked();
        let place = self.derived.lines.with_untracked(|lines| lines.line_column(&source, offset));
        (place.line, place.column)
    }

    /// Shows a short message. Words in backticks are code.
    pub fn toast(self, kind: ToastKind, text: impl Into<String>, undo: Undo) {
        let number = self
            .ui
            .toast
            .with_untracked(|toast| toast.as_ref().map_or(0, |toast| toast.number.wrapping_add(1)));
        self.ui.toast.set(Some(Toast { text: text.into(), kind, undo, number }));
    }

    /// Shows a message that stays until it is dismissed.
    pub fn notify(self, notice: Notice) {
        self.ui.notice.set(Some(notice));
    }
}

/// What the history calls an edit.
fn label(edit: &Edit) -> String {
    match edit {
        Edit::AddModel { name } => format!("add {name}"),
        Edit::RenameModel { model, name } => format!("rename {model} to {name}"),
        Edit::DeleteModel { model } => format!("delete {model}"),
        Edit::AddField { model, field } => format!("add {model}.{}", field.name),
        Edit::ChangeField { model, field, .. } | Edit::ChangeRelation { model, field, .. } => {
            format!("change {model}.{field}")
        }
        Edit::DeleteField { model, field } => format!("delete {model}.{field}"),
        Edit::AddRelation { model, relation } => format!("add {model}.{}", relation.name),
    }
}
