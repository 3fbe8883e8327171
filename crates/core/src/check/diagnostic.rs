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
    /// For what strikes at import or when tables are made: when, in the order in which the ORM works.
    pub moment: Moment,
}

/// A moment of the ORM's work on the file. Only the first exception is ever seen, so exceptions compare by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// How far Python has read: a byte of the source; for tables, the model's place in the order of creation.
    pub at: u32,
    /// The step at that place.
    pub step: u32,
}

impl Diagnostic {
    /// A diagnostic with no more than its place and its message; the rest is added by the methods below.
    pub fn new(
        rule: &'static str,
        severity: Severity,
        stage: Stage,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        let message = message.into();
        Self {
            rule,
            id: None,
            exception: None,
            severity,
            stage,
            object: None,
            subject: Subject::default(),
            related: Vec::new(),
            span,
            cause: Cause { key: format!("{rule}:{}", span.start), title: message.clone() },
            message,
            hint: None,
            why: String::new(),
            fixes: Vec::new(),
            moment: Moment::default(),
        }
    }

    /// An error or warning of the ORM's own checks.
    pub fn check(
        rule: &'static str,
        id: &'static str,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        let severity = if id.contains(".W") { Severity::Warning } else { Severity::Error };
        Self { id: Some(id), ..Self::new(rule, severity, Stage::Check, span, message) }
    }

    /// An exception that ends the import.
    pub fn raised(
        rule: &'static str,
        exception: &'static str,
        moment: Moment,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self {
            exception: Some(exception),
            moment,
            ..Self::new(rule, Severity::Error, Stage::Import, span, message)
        }
    }

    /// An exception when tables are made.
    pub fn unmakeable(
        rule: &'static str,
        exception: &'static str,
        moment: Moment,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self {
            exception: Some(exception),
            moment,
            ..Self::new(rule, Severity::Error, Stage::Schema, span, message)
        }
    }

    /// Advice of ours about what the ORM accepts in silence.
    pub fn advice(rule: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Advice, Stage::Silent, span, message)
    }

    /// Names the object as the ORM does.
    #[must_use]
    pub fn object(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// What is marked.
    #[must_use]
    pub fn subject(mut self, model: &str, field: Option<&str>) -> Self {
        self.subject = Subject { model: Some(model.into()), field: field.map(str::to_owned) };
        self
    }

    /// Something else that is marked with it.
    #[must_use]
    pub fn related(mut self, model: &str, field: Option<&str>, span: Option<Span>) -> Self {
        self.related
            .push((Subject { model: Some(model.into()), field: field.map(str::to_owned) }, span));
        self
    }

    /// The ORM's hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The title in plain words, with the key of the place in the source that all messages of this cause share.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.cause.title = title.into();
        self
    }

    /// The cause that it shares with others.
    #[must_use]
    pub fn cause(mut self, key: impl Into<String>, title: impl Into<String>) -> Self {
        self.cause = Cause { key: key.into(), title: title.into() };
        self
    }

    /// Why it is a problem.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// A way out, where the text allows it.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, edits: Option<Vec<TextEdit>>) -> Self {
        if let Some(edits) = edits
            && !edits.is_empty()
        {
            self.fixes.push(Fix { title: title.into(), edits });
        }
        self
    }
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

/// What is known of a rule without running it. One file with its documentation and a function `check`, one fixture folder.
#[derive(Debug)]
pub struct Rule {
    /// Names the problem, in kebab case.
    pub name: &'static str,
    /// Ids of the ORM's checks that it stands for.
    pub ids: &'static [&'static str],
    /// Its documentation in Markdown: what, why, example, fix.
    pub docs: &'static str,
}
