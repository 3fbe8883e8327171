//! Edits of plain fields, and what they share with relations.

use ruff_python_ast::{Expr, ExprCall, StmtClassDef};
use ruff_text_size::Ranged;
use throughline_order::Arrange as _;

use super::call::{self, Change};
use super::layout::{Place, Source};
use super::written::{ArgumentForm, Written, WrittenArgument};
use super::{EditError, FieldDraft, TextEdit, models, names};
use crate::document::{Document, Field, Model, Span};
use crate::orm::Orm;
use crate::python;

/// A new field after the last one.
pub(super) fn add(
    orm: &dyn Orm,
    source: &Source<'_>,
    document: &Document,
    model: &str,
    draft: &FieldDraft,
) -> Result<Vec<TextEdit>, EditError> {
    let model = models::find(document, model)?;
    names::free_field(orm, document, model, &draft.name)?;
    names::check(&draft.class)?;
    for value in draft.arguments.iter().filter_map(|(_, value)| value.as_ref()) {
        call::check_expression(value)?;
    }
    insert(orm, source, document, model, &draft.name, &orm.write_field(document, draft))
}

/// Puts a written field into a class.
pub(super) fn insert(
    orm: &dyn Orm,
    source: &Source<'_>,
    document: &Document,
    model: &Model,
    name: &str,
    written: &Written,
) -> Result<Vec<TextEdit>, EditError> {
    let statement = written.statement(name);
    let edits = source.insert_field(source.class(model)?, model, &statement);
    Ok(models::with_import(orm, source, document, &statement, edits))
}

/// Removes a field.
pub(super) fn delete(
    source: &Source<'_>,
    document: &Document,
    model: &str,
    field: &str,
) -> Result<Vec<TextEdit>, EditError> {
    let model = models::find(document, model)?;
    let class = source.class(model)?;
    let field = find(model, field)?;
    Ok(source.remove_statement(statement(source, class, field)?))
}

/// The model's own field.
pub(super) fn find<'m>(model: &'m Model, field: &str) -> Result<&'m Field, EditError> {
    model.field(field).ok_or_else(|| EditError::NoField(model.name.text.clone(), field.to_owned()))
}

/// The statement that declares a field, where it declares nothing else.
fn statement<'s>(
    source: &'s Source<'_>,
    class: &'s StmtClassDef,
    field: &Field,
) -> Result<Place<'s>, EditError> {
    let place = source.field(class, field).ok_or_else(|| no_statement(field))?;
    let targets =
        place.body.get(place.at).and_then(python::assigned).map_or(0, |(targets, _)| targets.len());
    if targets == 1 { Ok(place) } else { Err(no_statement(field)) }
}

fn no_statement(field: &Field) -> EditError {
    EditError::Refused(format!(
        "{} is not declared by a statement of its own. Change it in the text.",
        field.name.text
    ))
}

/// The call that makes a field.
pub(super) fn made_by<'s>(
    source: &'s Source<'_>,
    model: &Model,
    field: &Field,
) -> Result<&'s ExprCall, EditError> {
    let place = statement(source, source.class(model)?, field)?;
    match place.body.get(place.at).and_then(python::assigned) {
        Some((_, Expr::Call(call))) => Ok(call),
        _ => Err(no_statement(field)),
    }
}

/// Rewrites a field.
pub(super) fn change(
    orm: &dyn Orm,
    source: &Source<'_>,
    document: &Document,
    (model, field): (&str, &str),
    to: &FieldDraft,
) -> Result<Vec<TextEdit>, EditError> {
    let model = models::find(document, model)?;
    let field = find(model, field)?;
    names::check(&to.class)?;
    let mut set: Vec<WrittenArgument> = to
        .arguments
        .iter()
        .map(|(keyword, value)| WrittenArgument {
            keyword: keyword.clone(),
            form: ArgumentForm::Keyword,
            value: value.clone(),
        })
        .collect();
    let written = orm.write_field(document, to);
    if to.class != field.class.text {
        // What the new class cannot do without.
        let missing = written.args.iter().filter(|arg| {
            field.arg(&arg.keyword).is_none()
                && !to.arguments.iter().any(|(name, _)| *name == arg.keyword)
        });
        set.extend(missing.cloned());
    }
    rewrite(
        orm,
        source,
        document,
        (model, field),
        &to.name,
        Written { args: set, ..written },
        &to.class,
    )
}

/// Renames a field with its references, and changes its call to what is written.
pub(super) fn rewrite(
    orm: &dyn Orm,
    source: &Source<'_>,
    document: &Document,
    (model, field): (&Model, &Field),
    name: &str,
    written: Written,
    class: &str,
) -> Result<Vec<TextEdit>, EditError> {
    let mut edits = rename(orm, source, document, model, field, name)?;
    let call = made_by(source, model, field)?;
    let mut new_text = String::new();
    let same_class = class == field.class.text;
    let callee = (!same_class).then(|| callee(call, field, class, &written.callee));
    let change = Change {
        callee,
        positional: (orm.positional(&field.class.text), orm.positional(class)),
        set: written.args,
        drops: &|keyword| !same_class && orm.drops(class, keyword),
    };
    let changes = change.edits(source, call)?;
    for edit in &changes {
        new_text.push_str(&edit.insert);
        new_text.push('\n');
    }
    edits.extend(changes);
    Ok(models::with_import(orm, source, document, &new_text, edits))
}

/// The class in a call: of `models.CharField` only the last part.
fn callee(call: &ExprCall, field: &Field, class: &str, written: &str) -> TextEdit {
    let dotted = python::dotted(&call.func).is_some_and(|path| path.contains('.'));
    if dotted {
        return TextEdit { span: field.class.span, insert: class.to_owned() };
    }
    let start = u32::from(call.func.range().start());
    TextEdit { span: Span::new(start, field.class.span.end.max(start)), insert: written.to_owned() }
}

fn rename(
    orm: &dyn Orm,
    source: &Source<'_>,
    document: &Document,
    model: &Model,
    field: &Field,
    name: &str,
) -> Result<Vec<TextEdit>, EditError> {
    if field.name.text == name {
        return Ok(Vec::new());
    }
    if let Some(why) = orm.keeps_name(field) {
        return Err(EditError::Refused(why.to_owned()));
    }
    names::free_field(orm, document, model, name)?;
    let mut spans = orm.field_references(source.text, document, &model.name.text, &field.name.text);
    spans.push(field.name.span);
    spans.arrange();
    spans.dedup();
    Ok(spans.into_iter().map(|span| TextEdit { span, insert: name.to_owned() }).collect())
}
