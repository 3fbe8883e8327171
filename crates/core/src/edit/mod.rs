//! Stage 7: an edit of the drawing is an edit of the text. Everything else in the file stays byte for byte.

mod call;
mod draft;
mod fields;
mod layout;
mod models;
mod names;
mod relations;
mod splice;
mod written;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

pub use draft::{FieldDraft, RelationDraft, ThroughDraft};
pub use splice::{TextEdit, apply};
pub use written::{ArgumentForm, INDENT, Written, WrittenArgument};

use crate::document::Document;
use crate::orm::Orm;

/// A change that the user makes by other means than typing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A new model at the end of the file.
    AddModel {
        /// Its class name.
        name: String,
    },
    /// Renames the class and every reference to it in the file.
    RenameModel {
        /// The model.
        model: String,
        /// Its new name.
        name: String,
    },
    /// Removes the class. Relations to it stay, and become problems.
    DeleteModel {
        /// The model.
        model: String,
    },
    /// A new field after the model's last one.
    AddField {
        /// The model.
        model: String,
        /// What to write.
        field: FieldDraft,
    },
    /// Rewrites a field's name, class and the arguments that the draft names; other arguments stay.
    ChangeField {
        /// The model.
        model: String,
        /// The field's present name.
        field: String,
        /// What it becomes.
        to: FieldDraft,
    },
    /// Removes a field or relation.
    DeleteField {
        /// The model.
        model: String,
        /// The field.
        field: String,
    },
    /// Draws a relation from one model to another.
    AddRelation {
        /// The model that gets the field.
        model: String,
        /// What to write.
        relation: RelationDraft,
    },
    /// Rewrites a relation; arguments that the draft does not speak of stay.
    ChangeRelation {
        /// The model.
        model: String,
        /// The field's present name.
        field: String,
        /// What it becomes.
        to: RelationDraft,
    },
}

/// Why an edit cannot be made. The text is unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// There is no such model.
    NoModel(String),
    /// There is no such field on the model.
    NoField(String, String),
    /// The name is not a Python identifier, or is a keyword.
    BadName(String),
    /// There is one of that name already.
    Taken(String),
    /// The place cannot be edited, with the reason.
    Refused(String),
}

impl std::fmt::Display for EditError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoModel(model) => write!(f, "There is no model {model}."),
            Self::NoField(model, field) => write!(f, "{model} has no field {field}."),
            Self::BadName(name) if name.is_empty() => write!(f, "A name is needed."),
            Self::BadName(name) => write!(
                f,
                "{name} is not a Python name: use letters, digits and underscores, and no keyword."
            ),
            Self::Taken(name) => write!(f, "The name {name} is taken."),
            Self::Refused(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for EditError {}

/// Turns an edit into changes of the text.
///
/// # Errors
/// [`EditError`] where the edit does not fit the text. Also where the text is not Python before or after: then no place in it is sure.
pub fn edit(
    orm: &dyn Orm,
    source: &str,
    document: &Document,
    edit: &Edit,
) -> Result<Vec<TextEdit>, EditError> {
    let text = source;
    let source = layout::Source::parse(text)?;
    let edits = match edit {
        Edit::AddModel { name } => models::add(orm, &source, document, name),
        Edit::RenameModel { model, name } => models::rename(orm, &source, document, model, name),
        Edit::DeleteModel { model } => models::delete(&source, document, model),
        Edit::AddField { model, field } => fields::add(orm, &source, document, model, field),
        Edit::ChangeField { model, field, to } => {
            fields::change(orm, &source, document, (model, field), to)
        }
        Edit::DeleteField { model, field } => fields::delete(&source, document, model, field),
        Edit::AddRelation { model, relation } => {
            relations::add(orm, &source, document, model, relation)
        }
        Edit::ChangeRelation { model, field, to } => {
            relations::change(orm, &source, document, (model, field), to)
        }
    }?;
    match layout::Source::parse(&apply(text, &edits)) {
        Ok(_) => Ok(edits),
        Err(_) => Err(EditError::Refused("This place is written in a way that cannot be changed by itself. Change it in the text.".into())),
    }
}
