//! Edits of relations.

use super::layout::Source;
use super::written::Written;
use super::{EditError, RelationDraft, TextEdit, ThroughDraft, fields, models, names};
use crate::document::{Document, Field, Model, ModelKind, RelationKind, Value};
use crate::orm::Orm;

/// A new relation, with its through model where the draft has one.
pub(super) fn add(
    orm: &dyn Orm,
    source: &Source<'_>,
    document: &Document,
    model: &str,
    draft: &RelationDraft,
) -> Result<Vec<TextEdit>, EditError> {
    let model = models::find(document, model)?;
    names::free_field(orm, document, model, &draft.name)?;
    check(draft)?;
    if let Some(why) = orm.refuses_relation(document, model, draft) {
        return Err(EditError::Refused(why));
    }
    let written = orm.write_relation(document, model, draft);
    let mut edits = fields::insert(orm, source, document, model, &draft.name, &written)?;
    edits.extend(around(orm, source, document, model, draft, &edits)?);
    Ok(edits)
}

/// Rewrites a relation.
pub(super) fn change(
    orm: &dyn Orm,
    source: &Source<'_>,
    document: &Document,
    (model, field): (&str, &str),
    to: &RelationDraft,
) -> Result<Vec<TextEdit>, EditError> {
    let model = models::find(document, model)?;
    let field = fields::find(model, field)?;
    if field.relation().is_none_or(|relation| relation.target.is_some()) {
        check(to)?;
    }
    let mut written = orm.write_relation(document, model, to);
    keep_what_is_said(orm, document, (model, field), to, &mut written);
    let class = written.callee.rsplit('.').next().unwrap_or_default().to_owned();
    let class = if field.relation().is_some_and(|relation| relation.kind == to.kind) {
        field.class.text.clone()
    } else {
        class
    };
    let mut edits =
        fields::rewrite(orm, source, document, (model, field), &to.name, written, &class)?;
    edits.extend(around(orm, source, document, model, to, &edits)?);
    Ok(edits)
}

fn check(draft: &RelationDraft) -> Result<(), EditError> {
    if draft.target.is_empty() {
        return Err(EditError::Refused("A relation needs a model that it points at.".into()));
    }
    Ok(())
}

/// Leaves alone what already says what the draft says, in whatever spelling.
fn keep_what_is_said(
    orm: &dyn Orm,
    document: &Document,
    (model, field): (&Model, &Field),
    to: &RelationDraft,
    written: &mut Written,
) {
    let Some(relation) = field.relation() else { return };
    let last = |text: &str| text.rsplit('.').next().unwrap_or(text).to_owned();
    let named = |target: &crate::document::Target| {
        if target.text == "self" { model.name.text.clone() } else { last(&target.text) }
    };
    let same_target = match &relation.target {
        Some(target) => named(target) == last(&to.target),
        // An expression that is not understood stays, unless a model is chosen in its place.
        None => to.target.is_empty(),
    };
    // A through model is named, or its table is.
    let through = match (&relation.through, &relation.through_table) {
        (Some(through), _) => Some(named(through)),
        (None, Some(table)) => owner_of(orm, document, &table.text),
        (None, None) => None,
    };
    let same_through = match (&to.through, through) {
        (ThroughDraft::Automatic, None) => true,
        (ThroughDraft::Model(name), Some(through)) => through == last(name),
        (ThroughDraft::Automatic | ThroughDraft::Model(_) | ThroughDraft::NewModel { .. }, _) => {
            false
        }
    };
    let stays_many =
        to.kind == RelationKind::ManyToMany && relation.kind == RelationKind::ManyToMany;
    let stays_key =
        to.kind != RelationKind::ManyToMany && relation.kind != RelationKind::ManyToMany;
    // A class of the user's own may need none.
    let action = relation.on_delete.as_ref().map(|name| &name.text);
    let same_action = stays_key && action == to.on_delete.as_ref();
    // The name may be that of a constant.
    let said = relation.related_name.as_ref().map(|name| &name.text);
    let same_reverse = said.is_some() && said == to.related_name.as_ref();
    let reverse = orm.profile().related_name_keyword;
    written.args.retain(|arg| match arg.keyword.as_str() {
        keyword if keyword == reverse && same_reverse => false,
        "to" => !same_target,
        "through" | "through_fields" | "forward_key" | "backward_key" => {
            !(stays_many && same_through)
        }
        "on_delete" | "ondelete" => !same_action,
        // Where keys may be NULL unless they say otherwise.
        "nullable" => !(stays_key && field.null == to.null),
        // `null=False` is what the absence of `null` says, and so on.
        keyword => {
            arg.value.is_some()
                || !matches!(
                    field.arg(keyword).map(|arg| &arg.value),
                    Some(Value::Bool(false) | Value::None)
                )
        }
    });
}

/// The model that has this table.
fn owner_of(orm: &dyn Orm, document: &Document, table: &str) -> Option<String> {
    let has = |model: &&Model| match &model.meta.table {
        Some(name) => name.text == table,
        None => model.kind == ModelKind::Concrete && orm.table_name(model) == table,
    };
    document.models.iter().rfind(has).map(|model| model.name.text.clone())
}

/// What goes above the class: the stand-in of a through model. And what goes to the end of the file: the new through model,
/// which stands after both models, and what completes the relation.
fn around(
    orm: &dyn Orm,
    source: &Source<'_>,
    document: &Document,
    model: &Model,
    draft: &RelationDraft,
    edits: &[TextEdit],
) -> Result<Vec<TextEdit>, EditError> {
    let written: String = edits.iter().map(|edit| edit.insert.as_str()).collect();
    let whole = source.from(0);
    let missing = |line: &String| !whole.contains(line.as_str());
    let mut out = Vec::new();
    let above = orm.preparation(document, &written).filter(missing);
    if let Some(line) = &above {
        out.push(source.before_class(source.class(model)?, line));
    }
    let below: Vec<String> = through(orm, source, document, model, draft)?
        .into_iter()
        .chain(orm.completion(document, model, &written).filter(missing))
        .collect();
    if !below.is_empty() {
        out.push(source.append_class(&below.join("\n\n\n")));
    }
    let added = above.into_iter().chain(below).collect::<Vec<_>>().join("\n");
    let import = orm.import_for(document, &added).filter(|line| !written.contains(line));
    out.extend(import.map(|line| source.add_import(line)));
    Ok(out)
}

/// The new through model.
fn through(
    orm: &dyn Orm,
    source: &Source<'_>,
    document: &Document,
    model: &Model,
    draft: &RelationDraft,
) -> Result<Option<String>, EditError> {
    let ThroughDraft::NewModel { name, fields } = &draft.through else { return Ok(None) };
    if draft.kind != RelationKind::ManyToMany {
        return Ok(None);
    }
    names::free_class(source, document, name, None)?;
    for (at, field) in fields.iter().enumerate() {
        names::check(&field.name)?;
        let ends = orm.through_fields(&model.name.text, &draft.target);
        let before = fields.iter().take(at).any(|other| other.name == field.name);
        if before || field.name == ends.0 || field.name == ends.1 {
            return Err(EditError::Taken(field.name.clone()));
        }
    }
    Ok(Some(orm.write_through(document, model, &draft.target, name, fields)))
}
