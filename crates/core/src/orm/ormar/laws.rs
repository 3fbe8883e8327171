//! Laws of edits, asked of every recorded case that ormar has nothing to say against.

use super::Ormar;
use crate::analysis::analyze;
use crate::document::{Field, FieldKind, Model, RelationKind};
use crate::edit::{Edit, EditError, FieldDraft, RelationDraft, ThroughDraft, apply, edit};
use crate::orm::Orm;

fn sources() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/fixtures/ormar");
    let files = std::fs::read_dir(folder).unwrap();
    let recorded = files
        .filter_map(|case| std::fs::read_to_string(case.unwrap().path().join("models.py")).ok());
    let sources: Vec<String> = recorded.filter(|source| rules(source).is_empty()).collect();
    assert!(sources.len() > 20, "{}", sources.len());
    sources
}

fn rules(source: &str) -> Vec<&'static str> {
    let found = analyze(&Ormar, source).diagnostics;
    let mut rules: Vec<&str> = found.iter().map(|diagnostic| diagnostic.rule).collect();
    rules.sort_unstable();
    rules
}

fn apply_to(source: &str, change: &Edit) -> Result<String, EditError> {
    edit(&Ormar, source, &Ormar.read(source), change).map(|edits| apply(source, &edits))
}

/// The edit that changes a field to what it is.
fn unchanged(source: &str, model: &Model, field: &Field) -> Edit {
    let (model, name) = (model.name.text.clone(), field.name.text.clone());
    let FieldKind::Relation(relation) = &field.kind else {
        let arguments = field.args.iter().filter_map(|arg| {
            Some((arg.keyword.clone()?, Some(arg.value_span.text(source).to_owned())))
        });
        let to = FieldDraft {
            name: name.clone(),
            class: field.class.text.clone(),
            arguments: arguments.collect(),
        };
        return Edit::ChangeField { model, field: name, to };
    };
    let to = RelationDraft {
        name: name.clone(),
        kind: relation.kind,
        target: relation.target.as_ref().unwrap().text.clone(),
        related_name: relation.related_name.as_ref().map(|name| name.text.clone()),
        null: field.null,
        on_delete: relation.on_delete.as_ref().map(|name| name.text.clone()),
        through: relation
            .through
            .as_ref()
            .map_or(ThroughDraft::Automatic, |through| ThroughDraft::Model(through.text.clone())),
    };
    Edit::ChangeRelation { model, field: name, to }
}

fn renamed(change: Edit, name: &str) -> Edit {
    match change {
        Edit::ChangeField { model, field, to } => {
            Edit::ChangeField { model, field, to: FieldDraft { name: name.into(), ..to } }
        }
        Edit::ChangeRelation { model, field, to } => {
            Edit::ChangeRelation { model, field, to: RelationDraft { name: name.into(), ..to } }
        }
        other => other,
    }
}

fn on_every_field(law: impl Fn(&str, &Model, &Field)) {
    for source in sources() {
        for model in &Ormar.read(&source).models {
            for field in &model.fields {
                law(&source, model, field);
            }
        }
    }
}

#[test]
fn an_unchanged_draft_is_no_edit() {
    on_every_field(|source, model, field| {
        let change = unchanged(source, model, field);
        let edits = edit(&Ormar, source, &Ormar.read(source), &change);
        assert_eq!(edits, Ok(Vec::new()), "{change:?}\n{source}");
    });
}

#[test]
fn renaming_a_field_can_be_taken_back() {
    on_every_field(|source, model, field| {
        let there =
            apply_to(source, &renamed(unchanged(source, model, field), "fresh_name")).unwrap();
        assert_eq!(rules(&there), rules(source), "{there}");
        let document = Ormar.read(&there);
        let model = document.model(&model.name.text).unwrap();
        let fresh = model.field("fresh_name").unwrap();
        let back = renamed(unchanged(&there, model, fresh), &field.name.text);
        match apply_to(&there, &back) {
            // A parent has the name, too: it is not free any more.
            Err(EditError::Taken(_)) => {}
            result => assert_eq!(result.unwrap(), source),
        }
    });
}

#[test]
fn renaming_a_model_can_be_taken_back() {
    for source in sources() {
        for model in &Ormar.read(&source).models {
            let name = model.name.text.clone();
            let to = Edit::RenameModel { model: name.clone(), name: "FreshName".into() };
            let Ok(there) = apply_to(&source, &to) else { continue };
            assert!(Ormar.read(&there).model(&name).is_none(), "{there}");
            let back = Edit::RenameModel { model: "FreshName".into(), name };
            assert_eq!(apply_to(&there, &back).unwrap(), source);
        }
    }
}

#[test]
fn a_relation_can_be_drawn_between_any_two_models() {
    for source in sources() {
        let models = Ormar.read(&source).models;
        for (owner, target) in models.iter().zip(models.iter().rev()) {
            for kind in [RelationKind::ForeignKey, RelationKind::ManyToMany] {
                let relation = RelationDraft {
                    name: "fresh_name".into(),
                    kind,
                    target: target.name.text.clone(),
                    related_name: Some("fresh_reverse".into()),
                    null: true,
                    on_delete: None,
                    through: ThroughDraft::Automatic,
                };
                let change = Edit::AddRelation { model: owner.name.text.clone(), relation };
                let Ok(there) = apply_to(&source, &change) else { continue };
                let unresolved = rules(&there);
                assert!(
                    !unresolved.contains(&"unresolved-forward-ref")
                        && !unresolved.contains(&"syntax"),
                    "{unresolved:?}\n{there}"
                );
            }
        }
    }
}

#[test]
fn every_model_can_be_deleted_with_its_calls() {
    for source in sources() {
        for model in &Ormar.read(&source).models {
            let Ok(there) =
                apply_to(&source, &Edit::DeleteModel { model: model.name.text.clone() })
            else {
                continue;
            };
            let document = Ormar.read(&there);
            assert!(document.syntax.is_empty(), "{there}");
            let called = |name: &str| document.calls.iter().any(|call| call.callee.text == name);
            assert!(!called(&format!("{}.update_forward_refs", model.name.text)), "{there}");
        }
    }
}
