//! What a form would do to the models, found out by doing it to a copy. Pure.

use std::collections::BTreeSet;

use throughline_core::check::{self, Cause};
use throughline_core::document::{LineIndex, RelationKind};
use throughline_core::edit::{TextEdit, apply, edit};
use throughline_core::orm::Orm;
use throughline_core::{Document, Resolved, Severity};

use super::form::Form;
use crate::views::canvas::scene;

/// The models as they are.
#[derive(Clone, Copy)]
pub(crate) struct Present<'a> {
    /// Whose they are.
    pub(crate) orm: &'a dyn Orm,
    /// Their text.
    pub(crate) source: &'a str,
    /// What it declares.
    pub(crate) document: &'a Document,
    /// What is wrong with it already.
    pub(crate) causes: &'a BTreeSet<String>,
}

/// What would come of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// What the relation would mean; models in asterisks, names in backticks.
    pub(crate) sentences: Vec<String>,
    /// The text that would be written.
    pub(crate) written: String,
    /// Its line, from 1.
    pub(crate) line: Option<u32>,
    /// Why it is refused.
    pub(crate) refused: Option<Refusal>,
    /// The reverse name as it would be.
    pub(crate) accessor: Option<String>,
}

/// Why a form is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// In a few words; names in backticks.
    pub(crate) title: String,
    /// The reason.
    pub(crate) why: String,
    /// Reverse names that would do.
    pub(crate) instead: Vec<String>,
}

/// Tries a form on a copy of the models.
pub(crate) fn attempt(present: Present<'_>, form: &Form) -> Outcome {
    if form.to.is_empty() || form.from.is_empty() {
        return Outcome::default();
    }
    let edits =
        match edit(present.orm, present.source, present.document, &form.edit(present.document)) {
            Ok(edits) => edits,
            Err(error) => {
                let refusal =
                    Refusal { title: error.to_string(), why: String::new(), instead: Vec::new() };
                return Outcome { refused: Some(refusal), ..Outcome::default() };
            }
        };
    let text = apply(present.source, &edits);
    let document = present.orm.read(&text);
    let resolved = present.orm.resolve(&document);
    let name = form.field_name(present.document);
    let sentences = scene::sentences_of(&resolved, &form.from, name.trim());
    let refused = new_error(present, &text, &document, &resolved).map(|cause| {
        let why = cause.1;
        let instead = if why.contains("clash") || cause.0.title.contains("name") {
            working_names(present, form)
        } else {
            Vec::new()
        };
        Refusal { title: cause.0.title, why, instead }
    });
    let forward = resolved
        .model(&form.from)
        .and_then(|model| model.forward.iter().find(|forward| forward.field == name.trim()));
    let pairs = forward
        .filter(|forward| forward.kind == RelationKind::ManyToMany)
        .and_then(|forward| forward.through.as_ref());
    let kept = pairs.map(|through| format!("Pairs are kept in `{}`.", through.table));
    Outcome {
        sentences: sentences.into_iter().chain(kept).collect(),
        written: written(&edits),
        line: edits.first().map(|edit| line(present.source, edit)),
        refused,
        accessor: forward.and_then(|forward| forward.accessor.clone()),
    }
}

/// The first error that there was not before: its cause and its reason.
fn new_error(
    present: Present<'_>,
    text: &str,
    document: &Document,
    resolved: &Resolved,
) -> Option<(Cause, String)> {
    let found = check::run(present.orm, text, document, resolved);
    let new = found.into_iter().find(|diagnostic| {
        diagnostic.severity == Severity::Error && !present.causes.contains(&diagnostic.cause.key)
    });
    new.map(|diagnostic| (diagnostic.cause, diagnostic.why))
}

/// Reverse names that cause no error.
fn working_names(present: Present<'_>, form: &Form) -> Vec<String> {
    let works = |name: &String| {
        let form = Form { related_name: name.clone(), ..form.clone() };
        let Ok(edits) =
            edit(present.orm, present.source, present.document, &form.edit(present.document))
        else {
            return false;
        };
        let text = apply(present.source, &edits);
        let document = present.orm.read(&text);
        new_error(present, &text, &document, &present.orm.resolve(&document)).is_none()
    };
    form.suggested_related_names(present.document).into_iter().filter(works).take(2).collect()
}

/// What would be written, without the indentation of its place.
fn written(edits: &[TextEdit]) -> String {
    let parts: Vec<String> =
        edits.iter().map(|edit| dedented(&edit.insert)).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

fn dedented(text: &str) -> String {
    let lines: Vec<&str> = text.lines().skip_while(|line| line.trim().is_empty()).collect();
    let margin = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or_default();
    let kept: Vec<&str> = lines.iter().map(|line| line.get(margin..).unwrap_or_default()).collect();
    kept.join("\n").trim_end().to_owned()
}

/// The line on which the first text of an edit will stand.
fn line(source: &str, edit: &TextEdit) -> u32 {
    let breaks = edit
        .insert
        .chars()
        .take_while(|letter| letter.is_whitespace())
        .filter(|letter| *letter == '\n')
        .count();
    LineIndex::new(source).line(edit.span.start) + u32::try_from(breaks).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use throughline_core::orm;

    use super::*;

    const SOURCE: &str = "from django.db import models\n\n\nclass Student(models.Model):\n    name = models.CharField(max_length=80)\n\n\nclass Course(models.Model):\n    student = models.ForeignKey(Student, models.PROTECT)\n";

    fn try_form(change: impl FnOnce(Form) -> Form) -> Outcome {
        let orm = orm::by_id("django").unwrap();
        let document = orm.read(SOURCE);
        let present =
            Present { orm, source: SOURCE, document: &document, causes: &BTreeSet::new() };
        attempt(present, &change(Form::new("Course".into(), "Student".into())))
    }

    #[test]
    fn the_exact_text_and_its_line_are_shown() {
        let outcome = try_form(|form| Form {
            name: Some("tutor".into()),
            related_name: "tutored".into(),
            ..form
        });
        assert_eq!(outcome.refused, None);
        assert!(outcome.written.starts_with("tutor = models.ForeignKey("), "{}", outcome.written);
        assert_eq!(outcome.line, Some(10));
        assert_eq!(
            outcome.sentences,
            ["A *Course* has exactly one *Student*.", "A *Student* has zero or many in `tutored`."]
        );
    }

    #[test]
    fn a_clash_is_refused_before_it_is_written() {
        let outcome = try_form(|form| Form { name: Some("tutor".into()), ..form });
        let refused = outcome.refused.unwrap();
        assert!(refused.title.contains("course_set"), "{refused:?}");
        assert!(!refused.instead.is_empty(), "{refused:?}");
    }

    #[test]
    fn a_name_that_is_none_is_refused() {
        assert!(
            try_form(|form| Form { name: Some("not a name".into()), ..form }).refused.is_some()
        );
    }
}
