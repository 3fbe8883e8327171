//! What a diagnostic is.

use crate::document::{Document, Span};
use crate::edit::TextEdit;
use crate::orm::Orm;
use crate::resolve::Resolved;

/// How bad it is. Orders from the worst down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The ORM refuses.
    Error,
    /// The ORM warns, or accepts what will hurt.
    Warning,
    /// Advice of ours.
    Advice,
}

/// When the real ORM would say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The text is not Python.
    Syntax,
    /// When the file is imported.
    Import,
    /// When the ORM starts and checks its models.
    Check,
    /// When the tables are made.
    Schema,
    /// At the first query.
    Use,
    /// Never: it is accepted in silence.
    Silent,
}

impl Stage {
    /// The word for it in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Import => "import",
            Self::Check => "check",
            Self::Schema => "schema",
            Self::Use => "use",
            Self::Silent => "silent",
        }
    }
}

/// What the ORM calls the thing that it complains about, and what every pane marks.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// A model's name.
    pub model: Option<String>,
    /// A field or reverse accessor of it.
    pub field: Option<String>,
}

/// One message of the ORM (or of ours).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's name in kebab case: `reverse-accessor-clash`.
    pub rule: &'static str,
    /// The ORM's check id (`fields.E304`), where it has one.
    pub id: Option<&'static str>,
    /// The class of the ORM's exception, where it raises one.
    pub exception: Option<&'static str>,
    /// How bad.
    pub severity: Severity,
    /// When it strikes.
    pub stage: Stage,
    /// The ORM's name of the object: `app.Book.author`.
    pub object: Option<String>,
    /// What is marked in source and diagram.
    pub subject: Subject,
    /// Other things that are marked with it (the other side of a clash, the reverse name on the target).
    pub related: Vec<(Subject, Option<Span>)>,
    /// Where.
    pub span: Span,
    /// One cause may make several messages; equal causes are shown as one item, under its title.
    pub cause: Cause,
    /// The ORM's own message.
    pub message: String,
    /// The ORM's own hint.
    pub hint: Option<String>,
    /// Why it is a problem, in plain words. Words in backticks are code.
    pub why: String,
    /// What can be done about it, the best first.
    pub fixes: Vec<Fix>,
}

/// What several messages have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cause {
    /// Equal keys belong together.
    pub key: String,
    /// Our title, in plain words, naming what the reader sees: "Two relations give Student the name `courses`".
    pub title: String,
}

/// A change that removes the problem: an ordinary, undoable edit of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, short enough for a button: "Rename to `assisting`".
    pub title: String,
    /// The change.
    pub edits: Vec<TextEdit>,
}

/// What a rule looks at.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The ORM.
    pub orm: &'a dyn Orm,
    /// The text, for fixes.
    pub source: &'a str,
    /// What it declares.
    pub document: &'a Document,
    /// What the ORM makes of it.
    pub resolved: &'a Resolved,
}

/// A rule: one file, one fixture folder.
pub struct Rule {
    /// Names the problem, in kebab case.
    pub name: &'static str,
    /// Ids of the ORM's checks that it stands for.
    pub ids: &'static [&'static str],
    /// Its documentation in Markdown: what, why, example, fix.
    pub docs: &'static str,
    /// Adds what it finds.
    pub check: fn(&Context<'_>, &mut Vec<Diagnostic>),
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("name", &self.name).finish_non_exhaustive()
    }
}
