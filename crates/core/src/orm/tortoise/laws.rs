//! Laws of edits, asked of every recorded case that Tortoise has nothing to say against.

use super::Tortoise;
use crate::analysis::analyze;
use crate::document::{Field, FieldKind, Model, RelationKind};
use crate::edit::{Edit, EditError, FieldDraft, RelationDraft, ThroughDraft, apply, edit};
use crate::orm::Orm;

/// Spellings that the cases do not have.
const AWKWARD: &str = r#"'''A module.'''
from __future__ import annotations
from tortoise import fields as f, models

class A(models.Model): pass
class B(models.Model): x = f.TextField(); y = f.IntField()  # both
class C(A):
	"""Tabs."""
	a: f.ForeignKeyRelation[A] = f.ForeignKeyField("models.A", 'cs', f.SET_NULL, True, True)
	b = f.ManyToManyField(to='models.B',
		related_name="c_s")

	def both(self): return self.a, self.b, self.a_id
class E(models.Model):
	c = (f.CharField)(
		50, null=False,
	)
	d = f.OneToOneField("models.C", null=True, related_name='d')
	class Meta:
		unique_together = ("c", "d")
		ordering = ["-c", "d__a"]
"#;

fn sources() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/fixtures/tortoise");
    let files = std::fs::read_dir(folder).unwrap();
    let recorded = files
        .filter_map(|case| std::fs::read_to_string(case.unwrap().path().join("models.py")).ok());
    let sources: Vec<String> =
        recorded.filter(|source| rules(source).is_empty()).chain([AWKWARD.to_owned()]).collect();
    assert!(sources.len() > 30, "{}", sources.len());
    sources
}

fn rules(source: &str) -> Vec<&'static str> {
    let found = analyze(&Tortoise, source).diagnostics;
    let mut rules: Vec<&str> = found.iter().map(|diagnostic| diagnostic.rule).collect();
    rules.sort_unstable();
    rules
}

fn apply_to(source: &str, change: &Edit) -> Result<String, EditError> {
    edit(&Tortoise, source, &Tortoise.read(source), change).map(|edits| apply(source, &edits))
}

/// The edit that changes a field to what it is; `None` where its target is not understood.
fn unchanged(source: &str, model: &Model, field: &Field) -> Option<Edit> {
    let (model, name) = (model.name.text.clone(), field.name.text.clone());
    let FieldKind::Relation(relation) = &field.kind else {
        let own = field.args.iter().filter(|arg| arg.span != arg.value_span);
        let arguments = own.filter_map(|arg| {
            Some((arg.keyword.clone()?, Some(arg.value_span.text(source).into())))
        });
        let to = FieldDraft {
            name: name.clone(),
            class: field.class.text.clone(),
            arguments: arguments.collect(),
        };
        return Some(Edit::ChangeField { model, field: name, to });
    };
    let to = RelationDraft {
        name: name.clone(),
        kind: relation.kind,
        target: relation.target.as_ref()?.text.rsplit('.').next()?.to_owned(),
        related_name: relation.related_name.as_ref().map(|name| name.text.clone()),
        null: field.null,
        on_delete: relation.on_delete.as_ref().map(|name| name.text.clone()),
        through: owner(source, relation.through_table.as_ref().map(|table| table.text.as_str())),
    };
    Some(Edit::ChangeRelation { model, field: name, to })
}

/// The model behind a table that a many-to-many names.
fn owner(source: &str, table: Option<&str>) -> ThroughDraft {
    let resolved = Tortoise.resolve(&Tortoise.read(source));
    let owner = resolved
        .models
        .iter()
        .find(|model| model.declared.is_some() && Some(model.table.as_str()) == table);
    owner.map_or(ThroughDraft::Automatic, |owner| ThroughDraft::Model(owner.name.clone()))
}

fn on_every_field(law: impl Fn(&str, &Model, &Field, Edit)) {
    for source in sources() {
        let document = Tortoise.read(&source);
        // A class that a later one of the same name replaces cannot be named.
        let current = |model: &&Model| {
            document.model(&model.name.text).is_some_and(|last| last.span == model.span)
        };
        for model in document.models.iter().filter(current) {
            for field in &model.fields {
                if let Some(change) = unchanged(&source, model, field) {
                    law(&source, model, field, change);
                }
            }
        }
    }
}

#[test]
fn an_unchanged_draft_is_no_edit() {
    on_every_field(|source, _, _, change| {
        assert_eq!(
            edit(&Tortoise, source, &Tortoise.read(source), &change),
            Ok(Vec::new()),
            "{change:?}\n{source}"
        );
    });
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

#[test]
fn renaming_a_field_can_be_taken_back() {
    on_every_field(|source, model, field, change| {
        let there = apply_to(source, &renamed(change, "fresh_name")).unwrap();
        let document = Tortoise.read(&there);
        let moved = document.model(&model.name.text).unwrap();
        let moved_field = moved.field("fresh_name").unwrap();
        let back = renamed(unchanged(&there, moved, moved_field).unwrap(), &field.name.text);
        match apply_to(&there, &back) {
            // Where it hid a field of a parent, that has the name now.
            Err(EditError::Taken(name)) => assert_eq!(name, field.name.text),
            back => assert_eq!(back.unwrap(), source),
        }
        // What the file says about the field goes along with its name.
        let lost = ["unknown-field-in-meta", "unknown-ordering", "to-field-target"];
        let after = rules(&there);
        assert!(!after.iter().any(|rule| lost.contains(rule)), "{after:?}\n{there}");
    });
}

#[test]
fn renaming_a_model_can_be_taken_back() {
    for source in sources() {
        let document = Tortoise.read(&source);
        for model in &document.models {
            let name = model.name.text.clone();
            let twice = document.models.iter().filter(|other| other.name.text == name).count() > 1;
            if twice {
                continue;
            }
            let change = Edit::RenameModel { model: name.clone(), name: "FreshName".into() };
            let there = apply_to(&source, &change).unwrap();
            // A target in a constant is not followed: a known gap.
            let constant = source.contains("NAME = ");
            assert_eq!(
                rules(&there).contains(&"unknown-target"),
                constant && name == "A",
                "{there}"
            );
            let back = Edit::RenameModel { model: "FreshName".into(), name };
            assert_eq!(apply_to(&there, &back).unwrap(), source);
        }
    }
}

#[test]
fn what_is_added_can_be_deleted_again() {
    for source in sources() {
        let more = apply_to(&source, &Edit::AddModel { name: "Fresh".into() }).unwrap();
        assert!(Tortoise.read(&more).model("Fresh").is_some(), "{more}");
        let back = apply_to(&more, &Edit::DeleteModel { model: "Fresh".into() }).unwrap();
        assert_eq!(back.trim_end(), source.trim_end());
        for model in Tortoise.read(&source).models {
            let field = FieldDraft {
                name: "fresh_name".into(),
                class: "CharField".into(),
                arguments: Vec::new(),
            };
            let model = model.name.text;
            let more = apply_to(&source, &Edit::AddField { model: model.clone(), field }).unwrap();
            assert_eq!(rules(&more), rules(&source), "{more}");
            let back =
                apply_to(&more, &Edit::DeleteField { model, field: "fresh_name".into() }).unwrap();
            assert_eq!(rules(&back), rules(&source), "{back}");
        }
    }
}

#[test]
fn every_relation_can_become_every_kind() {
    const KINDS: [RelationKind; 3] =
        [RelationKind::ForeignKey, RelationKind::OneToOne, RelationKind::ManyToMany];
    on_every_field(|source, _, _, change| {
        let Edit::ChangeRelation { model, field, to } = change else { return };
        for kind in KINDS {
            let to = RelationDraft { kind, through: ThroughDraft::Automatic, ..to.clone() };
            let change = Edit::ChangeRelation { model: model.clone(), field: field.clone(), to };
            let there = apply_to(source, &change).unwrap();
            let document = Tortoise.read(&there);
            let changed = document.model(&model).unwrap().field(&field).unwrap();
            assert_eq!(changed.relation().unwrap().kind, kind, "{there}");
            let refused =
                ["missing-argument", "surplus-argument", "unknown-argument", "undefined-name"];
            let (before, after) = (rules(source), rules(&there));
            let new = after.iter().filter(|rule| refused.contains(rule) && !before.contains(rule));
            assert_eq!(new.count(), 0, "{after:?}\n{there}");
        }
    });
}

#[test]
fn a_relation_through_a_new_model_is_accepted() {
    let source = "from tortoise import fields\nfrom tortoise.models import Model\n\n\nclass BlogPost(Model):\n    title = fields.CharField(max_length=5)\n\n\nclass Tag(Model):\n    name = fields.CharField(max_length=5)\n";
    for target in ["Tag", "BlogPost"] {
        let relation = RelationDraft {
            name: "links".into(),
            kind: RelationKind::ManyToMany,
            target: target.into(),
            related_name: Some("linked".into()),
            null: false,
            on_delete: None,
            through: ThroughDraft::NewModel { name: "PostLink".into(), fields: Vec::new() },
        };
        let change = Edit::AddRelation { model: "BlogPost".into(), relation };
        let there = apply_to(source, &change).unwrap();
        assert_eq!(rules(&there), Vec::<&str>::new(), "{there}");
        let resolved = Tortoise.resolve(&Tortoise.read(&there));
        let through = resolved.model("BlogPost").unwrap().forward[0].through.clone().unwrap();
        assert_eq!((through.model.as_str(), through.generated), ("PostLink", false), "{there}");
        assert!(through.owner_field.is_some() && through.target_field.is_some(), "{there}");
        assert_ne!(through.owner_field, through.target_field);
    }
}
