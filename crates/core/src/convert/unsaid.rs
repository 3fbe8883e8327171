//! What gets lost on the way, with reasons.

use crate::document::{Document, Span};

/// Something that the target ORM cannot say, and what was written in its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsaid {
    /// The model; `None` where it concerns the whole file.
    pub model: Option<String>,
    /// The field, where it concerns one.
    pub field: Option<String>,
    /// What cannot be said: `on_delete=PROTECT`.
    pub what: String,
    /// Why, and what stands there instead. Plain sentences.
    pub why: String,
}

impl Unsaid {
    /// The name in the source that it is about.
    pub fn span(&self, document: &Document) -> Option<Span> {
        let model = document.model(self.model.as_deref()?)?;
        let field = self.field.as_deref().and_then(|field| model.field(field));
        Some(field.map_or(model.name.span, |field| field.name.span))
    }
}

impl std::fmt::Display for Unsaid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.model, &self.field) {
            (Some(model), Some(field)) => write!(f, "{model}.{field}: ")?,
            (Some(model), None) => write!(f, "{model}: ")?,
            (None, _) => {}
        }
        write!(f, "{}. {}", self.what, self.why)
    }
}
