//! Names: whether one is a Python name, and whether it is free.

use ruff_python_ast::{Expr, Stmt};

use super::EditError;
use super::layout::Source;
use crate::document::{Document, Model};
use crate::orm::Orm;
use crate::python;

/// Whether the text can name a class or an attribute.
pub(super) fn check(name: &str) -> Result<(), EditError> {
    let is_name = ruff_python_parser::parse_expression(name)
        .is_ok_and(|parsed| matches!(parsed.expr(), Expr::Name(found) if found.id == name));
    if is_name { Ok(()) } else { Err(EditError::BadName(name.to_owned())) }
}

/// A name for a new class: unused by classes, imports and everything else at the top of the file. Models whose names
/// differ only in case would share a table, and the ORMs take them for one.
pub(super) fn free_class(
    source: &Source<'_>,
    document: &Document,
    name: &str,
    besides: Option<&Model>,
) -> Result<(), EditError> {
    check(name)?;
    let others = document
        .models
        .iter()
        .filter(|model| besides.is_none_or(|besides| besides.span != model.span));
    let model = others
        .map(|model| &model.name.text)
        .find(|other| other.to_lowercase() == name.to_lowercase());
    let bound = || source.module.body.iter().any(|statement| binds(statement, name));
    match model {
        Some(model) => Err(EditError::Taken(model.clone())),
        None if besides.is_some_and(|model| model.name.text == name) => Ok(()),
        None if document.imports.iter().any(|import| import.name == name) || bound() => {
            Err(EditError::Taken(name.to_owned()))
        }
        None => Ok(()),
    }
}

fn binds(statement: &Stmt, name: &str) -> bool {
    match statement {
        Stmt::ClassDef(def) => def.name.id == name,
        Stmt::FunctionDef(def) => def.name.id == name,
        other => python::assigned(other).is_some_and(|(targets, _)| {
            targets.iter().any(|target| matches!(target, Expr::Name(found) if found.id == name))
        }),
    }
}

/// A name for a new attribute of a model: unused by its own fields, methods and the like, and by those that it inherits.
pub(super) fn free_field(
    orm: &dyn Orm,
    document: &Document,
    model: &Model,
    name: &str,
) -> Result<(), EditError> {
    check(name)?;
    let declared = ancestors(document, model).into_iter().any(|model| {
        model.fields.iter().any(|field| field.name.text == name)
            || model.members.iter().any(|member| member.name.text == name)
    });
    let resolved = orm.resolve(document);
    let inherited = resolved.model(&model.name.text).is_some_and(|model| {
        // A key that the ORM adds gives way to a declared one.
        let fields = resolved
            .all_fields(model)
            .into_iter()
            .filter(|field| field.origin.is_some() || field.relation);
        fields.into_iter().any(|field| field.name == name || field.attname == name)
    });
    if declared || inherited { Err(EditError::Taken(name.to_owned())) } else { Ok(()) }
}

/// The model and the models of the file that it inherits from.
pub(super) fn ancestors<'d>(document: &'d Document, model: &'d Model) -> Vec<&'d Model> {
    let mut found = vec![model];
    let mut at = 0;
    while let Some(model) = found.get(at).copied() {
        for base in &model.bases {
            let last = base.path.rsplit('.').next().unwrap_or_default();
            if let Some(parent) = document.model(last)
                && !found.iter().any(|known| known.span == parent.span)
            {
                found.push(parent);
            }
        }
        at += 1;
    }
    found
}
