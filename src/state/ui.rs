//! What is chosen, open and in view. Nothing of it is part of the project.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::sql::Dialect;
use throughline_core::{Span, orm};

use throughline_worker::protocol::Walk;

use super::Content;
use crate::platform::{page, storage};

/// What every pane marks as chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// Nothing.
    #[default]
    Nothing,
    /// A model, generated ones included, by name.
    Model(String),
    /// A field of a model. A relation is chosen by the field that declares it; so its row and its edge are one thing.
    Field(String, String),
    /// A problem, by the key of its cause. Everything that its messages name is marked.
    Problem(String),
}

impl Selection {
    /// The model that is chosen or holds what is chosen.
    pub fn model(&self) -> Option<&str> {
        match self {
            Self::Model(model) | Self::Field(model, _) => Some(model),
            Self::Nothing | Self::Problem(_) => None,
        }
    }
}

/// The panes. On a phone one of them is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The models text.
    Source,
    /// The diagram.
    Diagram,
    /// What is wrong.
    Problems,
    /// Query and tables.
    Data,
}

/// The tabs of the data pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataTab {
    /// The query editor and its rows.
    Query,
    /// Columns, keys and DDL.
    Tables,
    /// The same models in every ORM.
    Compare,
}

/// What the query pane is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Calls of the project's ORM.
    Calls,
    /// SQL.
    Sql,
}

impl Language {
    /// The word that is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Sql => "sql",
        }
    }
}

/// How the SQL that a call sent is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameters {
    /// With the parameters in their places.
    Inline,
    /// As it ran: marks in the text, the parameters beside it.
    Apart,
}

/// How much of a comparison is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareScope {
    /// Where the ORMs differ.
    Differences,
    /// All that they have.
    Everything,
}

/// What was chosen, and where: the other panes bring it into view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// What.
    pub what: Selection,
    /// In which pane.
    pub by: Pane,
}

/// What floats over the workbench; one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The command palette.
    Palette,
    /// The share popover.
    Share,
    /// The examples menu.
    Examples,
    /// The other actions, on a phone.
    More,
    /// How the models come to another ORM, by its id.
    Switch(&'static str),
    /// The models as another ORM's source, by its id.
    Written(&'static str),
}

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The word that is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn stored() -> Self {
        match storage::read("theme").as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }
}

/// A short message that goes by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// Words in backticks are code.
    pub text: String,
    /// Its sign.
    pub kind: ToastKind,
    /// Whether it offers to undo the last step.
    pub undo: Undo,
    /// Tells equal toasts apart.
    pub number: u32,
}

/// The sign of a toast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    /// Done.
    Done,
    /// Something to know.
    Note,
    /// Something did not work.
    Failed,
}

/// Whether a toast offers to undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undo {
    /// It does.
    Offered,
    /// There is nothing to undo.
    None,
}

/// A message that stays until it is dismissed: what happened, what is safe, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What happened. Words in backticks are code.
    pub title: String,
    /// What is safe, and what to do. Words in backticks are code.
    pub text: String,
    /// One line for each thing that was done.
    pub details: Vec<String>,
    /// Its sign.
    pub tone: Tone,
    /// What can be done from here.
    pub offers: Vec<Offer>,
}

/// The sign of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    Calm,
    /// Something that needs the user.
    Warning,
}

/// What a notice lets the user do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Brings back the work that was put aside.
    SavedWork,
    /// Puts back what the project was.
    PutBack(Box<Content>),
    /// Reads the models as those of this ORM.
    ReadAs(&'static str),
}

/// Whether the work is kept in this browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is.
    Yes,
    /// Something has changed since.
    Pending,
    /// It cannot be, and why.
    No(String),
    /// It is not, so that nothing is overwritten; and why.
    Blocked(String),
}

/// View state, shared by all panes.
#[derive(Clone, Copy)]
pub struct Ui {
    /// What is chosen.
    pub chosen: RwSignal<Chosen>,
    /// Where the caret of the source is to go.
    pub go_to: RwSignal<Option<Span>>,
    /// The pane that a phone shows.
    pub pane: RwSignal<Pane>,
    /// The tab of the data pane.
    pub data_tab: RwSignal<DataTab>,
    /// What the query pane is written in.
    pub language: RwSignal<Language>,
    /// The way along relations that the diagram lights up.
    pub walked: RwSignal<Option<Arc<Walk>>>,
    /// How the SQL of calls is written.
    pub parameters: RwSignal<Parameters>,
    /// How much of the comparison is shown.
    pub compare_scope: RwSignal<CompareScope>,
    /// The ORM that the comparison shows where there is room for one.
    pub compare_side: RwSignal<&'static str>,
    /// Whose SQL the tables show.
    pub dialect: RwSignal<Dialect>,
    /// What floats.
    pub overlay: RwSignal<Option<Overlay>>,
    /// The theme.
    pub theme: RwSignal<Theme>,
    /// Whether the system asks for dark.
    pub system_is_dark: RwSignal<bool>,
    /// The toast.
    pub toast: RwSignal<Option<Toast>>,
    /// The notice above the panes.
    pub notice: RwSignal<Option<Notice>>,
    /// Width of the source in hundredths of the workbench; `None`: as the design has it.
    pub source_width: RwSignal<Option<f64>>,
    /// Height of the lower panes in hundredths of the workbench.
    pub dock_height: RwSignal<Option<f64>>,
    /// Line and column of the caret in the source, from 1.
    pub caret: RwSignal<(u32, u32)>,
    /// Whether the work is kept.
    pub saved: RwSignal<Saved>,
}

impl Ui {
    /// As the page opens.
    pub(super) fn new() -> Self {
        let size = |key| {
            RwSignal::new(
                storage::read(key)
                    .and_then(|text| text.parse().ok())
                    .filter(|size: &f64| size.is_finite()),
            )
        };
        Self {
            chosen: RwSignal::new(Chosen { what: Selection::Nothing, by: Pane::Diagram }),
            go_to: RwSignal::new(None),
            pane: RwSignal::new(Pane::Diagram),
            data_tab: RwSignal::new(DataTab::Query),
            language: RwSignal::new(match storage::read("language").as_deref() {
                Some("sql") => Language::Sql,
                _ => Language::Calls,
            }),
            walked: RwSignal::new(None),
            parameters: RwSignal::new(Parameters::Inline),
            compare_scope: RwSignal::new(CompareScope::Differences),
            compare_side: RwSignal::new(orm::ALL.first().map_or("", |orm| orm.profile().id)),
            dialect: RwSignal::new(Dialect::Sqlite),
            overlay: RwSignal::new(None),
            theme: RwSignal::new(Theme::stored()),
            system_is_dark: RwSignal::new(false),
            toast: RwSignal::new(None),
            notice: RwSignal::new(None),
            source_width: size("source-width"),
            dock_height: size("dock-height"),
            caret: RwSignal::new((1, 1)),
            saved: RwSignal::new(Saved::Yes),
        }
    }

    /// Keeps in step with the system's theme.
    pub(super) fn follow_system(self) {
        let follow = move || self.system_is_dark.set(page::system_is_dark());
        follow();
        page::on_system_theme(follow);
    }

    /// Chooses what the query pane is written in, now and at the next visit.
    pub fn set_language(self, language: Language) {
        self.language.set(language);
        // A choice that cannot be kept holds for this visit.
        let _ = storage::write("language", language.word());
    }

    /// Whether the page is dark. Reactive.
    pub fn is_dark(self) -> bool {
        match self.theme.get() {
            Theme::System => self.system_is_dark.get(),
            Theme::Light => false,
            Theme::Dark => true,
        }
    }
}
