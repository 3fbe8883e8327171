//! Edits of whole models.

use ruff_python_ast::visitor::{Visitor, walk_annotation, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprStringLiteral, Stmt};
use ruff_text_size::Ranged;
use throughline_order::Arrange as _;

use super::layout::Source;
use super::{EditError, TextEdit, names};
use crate::document::{Document, FieldKind, Model, Span, TargetForm, Value};
use crate::orm::Orm;
use crate::python;

/// A new model at the end.
pub(super) fn add(
    orm: &dyn Orm,
    source: &Source<'_>,
    document: &Document,
    name: &str,
) -> Result<Vec<TextEdit>, EditError> {
    names::free_class(source, document, name, None)?;
    let written = orm.write_model(document, name);
    if source.module.body.is_empty() {
        return Ok(vec![source.append_class(&format!("{}\n\n{written}", orm.skeleton()))]);
    }
    Ok(with_import(orm, source, document, &written, vec![source.append_class(&written)]))
}

/// Adds the import that written text needs, where the file lacks it.
pub(super) fn with_import(
    orm: &dyn Orm,
    source: &Source<'_>,
    document: &Document,
    written: &str,
    mut edits: Vec<TextEdit>,
) -> Vec<TextEdit> {
    if let Some(line) = orm.import_for(document, written) {
        edits.insert(0, source.add_import(line));
    }
    edits
}

/// Removes a class.
pub(super) fn delete(
    source: &Source<'_>,
    document: &Document,
    model: &str,
) -> Result<Vec<TextEdit>, EditError> {
    let mut edits = source.remove_class(source.class(find(document, model)?)?);
    // `Author.update_forward_refs()` means nothing without its class.
    let own = |path: &str| path.strip_prefix(model).is_some_and(|rest| rest.starts_with('.'));
    for call in document.calls.iter().filter(|call| own(&call.callee.text)) {
        let end = crate::check::fix::line_end(source.text, call.span.end);
        let span = Span::new(call.span.start, end);
        let apart = edits.iter().all(|edit| edit.span.end <= span.start || edit.span.start >= end);
        if apart && call.target.is_none() && call.callee.span.start == call.span.start {
            edits.push(TextEdit { span, insert: String::new() });
        }
    }
    edits.arrange_by_key(|edit| edit.span);
    Ok(edits)
}

/// The model that a name stands for.
pub(super) fn find<'d>(document: &'d Document, name: &str) -> Result<&'d Model, EditError> {
    document.model(name).ok_or_else(|| EditError::NoModel(name.to_owned()))
}

/// Renames a class and what refers to it: its name in code and annotations, and the strings of relations.
pub(super) fn rename(
    orm: &dyn Orm,
    source: &Source<'_>,
    document: &Document,
    model: &str,
    name: &str,
) -> Result<Vec<TextEdit>, EditError> {
    let found = find(document, model)?;
    if document.models.iter().filter(|other| other.name.text == model).count() > 1 {
        return Err(EditError::Refused(format!(
            "There are two classes {model}. Rename one of them in the text."
        )));
    }
    names::free_class(source, document, name, Some(found))?;
    if model == name {
        return Ok(Vec::new());
    }
    let mut references =
        References { source: source.text, name: model, found: vec![found.name.span] };
    references.visit_body(&source.module.body);
    let mut spans = references.found;
    spans.extend(relation_strings(orm, source, document, model));
    spans.arrange();
    spans.dedup();
    let written = |span: Span| match span.text(source.text) {
        // `"app.author"`: a reference may be written in lower case, and stays so.
        lower if lower != model && lower == model.to_lowercase() => name.to_lowercase(),
        _ => name.to_owned(),
    };
    let mut edits: Vec<TextEdit> =
        spans.into_iter().map(|span| TextEdit { span, insert: written(span) }).collect();
    let links = links(orm, source.text, document, &edits);
    edits.extend(links);
    edits.arrange_by_key(|edit| edit.span);
    Ok(edits)
}

/// References to links to parents that the ORM names after the parent: they follow when it is renamed.
fn links(orm: &dyn Orm, text: &str, document: &Document, edits: &[TextEdit]) -> Vec<TextEdit> {
    let made = |document: &Document| -> Vec<(String, Vec<String>)> {
        let models = orm.resolve(document).models.into_iter();
        let declared = models.filter(|model| model.declared.is_some());
        let links = declared.map(|model| {
            let links = model.forward.into_iter();
            let made = links.filter(|link| link.parent_link && link.origin.is_none());
            (model.name, made.map(|link| link.field).collect())
        });
        links.collect()
    };
    let before = made(document);
    if before.iter().all(|(_, links)| links.is_empty()) {
        return Vec::new();
    }
    let after = made(&orm.read(&super::apply(text, edits)));
    let mut out = Vec::new();
    for ((model, before), (_, after)) in before.iter().zip(&after) {
        for (old, new) in before.iter().zip(after).filter(|(old, new)| old != new) {
            let places = orm.field_references(text, document, model, old);
            out.extend(places.into_iter().map(|span| TextEdit { span, insert: new.clone() }));
        }
    }
    out.dedup();
    out
}

/// Where strings of relations name the model: `"Author"`, `"app.Author"`.
fn relation_strings(
    orm: &dyn Orm,
    source: &Source<'_>,
    document: &Document,
    model: &str,
) -> Vec<Span> {
    let resolved = orm.resolve(document);
    let app = resolved.model(model).map(|model| model.app.clone()).unwrap_or_default();
    let names_it = |text: &str| {
        let (label, last) =
            text.rsplit_once('.').map_or((None, text), |(label, last)| (Some(label), last));
        last.to_lowercase() == model.to_lowercase()
            && label.is_none_or(|label| app.is_empty() || label == app)
    };
    let mut spans = Vec::new();
    let mut add = |text: &str, span: Span| {
        let last = text.rsplit('.').next().unwrap_or(text);
        let written = span.text(source.text);
        if let Some(at) =
            written.rfind(last).filter(|_| names_it(text) && written.starts_with(['"', '\'']))
        {
            let start = span.start + at as u32;
            spans.push(Span::new(start, start + last.len() as u32));
        }
    };
    for field in document.models.iter().flat_map(|model| &model.fields) {
        match &field.kind {
            FieldKind::Relation(relation) => {
                for target in relation
                    .target
                    .iter()
                    .chain(&relation.through)
                    .filter(|target| target.form == TargetForm::Text)
                {
                    add(&target.text, target.span);
                }
            }
            // `GenericRelation("TaggedItem")`.
            FieldKind::Virtual => {
                for arg in field.args.iter().take(1) {
                    if let Value::Str(text) = &arg.value {
                        add(text, arg.value_span);
                    }
                }
            }
            FieldKind::Column(_) => {}
        }
    }
    spans
}

/// Collects the places where code and annotations name a class.
struct References<'a> {
    source: &'a str,
    name: &'a str,
    found: Vec<Span>,
}

impl References<'_> {
    /// A whole string that is code: an annotation, an item of `__all__`.
    fn quoted(&mut self, literal: &ExprStringLiteral) {
        let Some(part) = literal.as_single_part_string() else { return };
        let span = python::span(part.content_range());
        let Ok(parsed) = ruff_python_parser::parse_expression(span.text(self.source)) else {
            return;
        };
        let mut inner = References { source: self.source, name: self.name, found: Vec::new() };
        inner.visit_expr(parsed.expr());
        self.found.extend(
            inner
                .found
                .into_iter()
                .map(|found| Span::new(found.start + span.start, found.end + span.start)),
        );
    }
}

impl<'a> Visitor<'a> for References<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::Assign(assign) = statement
            && assign
                .targets
                .iter()
                .any(|target| matches!(target, Expr::Name(name) if name.id == "__all__"))
            && let Expr::List(ruff_python_ast::ExprList { elts, .. })
            | Expr::Tuple(ruff_python_ast::ExprTuple { elts, .. }) = &*assign.value
        {
            for literal in elts.iter().filter_map(|item| item.as_string_literal_expr()) {
                self.quoted(literal);
            }
        }
        walk_stmt(self, statement);
    }

    fn visit_annotation(&mut self, annotation: &'a Expr) {
        let mut strings = Strings(Vec::new());
        strings.visit_expr(annotation);
        for literal in strings.0 {
            self.quoted(literal);
        }
        walk_annotation(self, annotation);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Name(name) = expr
            && name.id == self.name
        {
            self.found.push(python::span(name.range()));
        }
        walk_expr(self, expr);
    }
}

/// The strings inside an annotation: `"Author"`, `QuerySet["Author"]`.
struct Strings<'a>(Vec<&'a ExprStringLiteral>);

impl<'a> Visitor<'a> for Strings<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::StringLiteral(literal) = expr {
            self.0.push(literal);
        }
        walk_expr(self, expr);
    }
}
