//! Laws of edits, asked of every recorded case that Peewee has nothing to say against.

use super::Peewee;
use crate::analysis::analyze;
use crate::document::{Field, FieldKind, Model, ModelKind};
use crate::edit::{Edit, EditError, FieldDraft, RelationDraft, ThroughDraft, apply, edit};
use crate::orm::Orm;

/// Spellings that the cases do not have.
const AWKWARD: &str = r#"'''A module.'''
import peewee as pw

db = pw.SqliteDatabase("app.db", pragmas={"foreign_keys": 1})

class Base(pw.Model):
	class Meta: database = db
class A(Base): pass
class B(Base): x = pw.TextField(); y = pw.IntegerField()  # both
class C(Base):
	"""Tabs."""
	a: pw.ForeignKeyField = pw.ForeignKeyField(A, backref='cs',
		on_delete='CASCADE')
	b = pw.ManyToManyField(model=B, backref="c_s")

	def both(self): return self.a, self.b, self.a_id
class E(Base):
	c = (pw.CharField)(
		50, null=False,
	)
	d = pw.ForeignKeyField(C, null=True, unique=True, backref='d')
	class Meta:
		indexes = ((("c", "d"), True),)
"#;

fn sources() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/fixtures/peewee");
    let files = std::fs::read_dir(folder).unwrap();
    let recorded = files
        .filter_map(|case| std::fs::read_to_string(case.unwrap().path().join("models.py")).ok());
    let sources: Vec<String> =
        recorded.filter(|source| rules(source).is_empty()).chain([AWKWARD.to_owned()]).collect();
    assert!(sources.len() > 20, "{}", sources.len());
    sources
}

fn rules(source: &str) -> Vec<&'static str> {
    let found = analyze(&Peewee, source).diagnostics;
    let mut rules: Vec<&str> = found.iter().map(|diagnostic| diagnostic.rule).collect();
    rules.sort_unstable();
    rules
}

fn apply_to(source: &str, change: &Edit) -> Result<String, EditError> {
    edit(&Peewee, source, &Peewee.read(source), change).map(|edits| apply(source, &edits))
}

/// The edit that changes a field to what it is; `None` where its target is not understood.
fn unchanged(source: &str, model: &Model, field: &Field) -> Option<Edit> {
    let (model_name, name) = (model.name.text.clone(), field.name.text.clone());
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
        return Some(Edit::ChangeField { model: model_name, field: name, to });
    };
    let target = &relation.target.as_ref()?.text;
    let to = RelationDraft {
        name: name.clone(),
        kind: relation.kind,
        target: if target == "self" { model_name.clone() } else { target.clone() },
        related_name: relation.related_name.as_ref().map(|name| name.text.clone()),
        null: field.null,
        on_delete: relation.on_delete.as_ref().map(|name| name.text.clone()),
        through: match &relation.through {
            None => ThroughDraft::Automatic,
            Some(through) => ThroughDraft::Model(through.text.clone()),
        },
    };
    Some(Edit::ChangeRelation { model: model_name, field: name, to })
}

fn on_every_field(law: impl Fn(&str, &Model, &Field, Edit)) {
    for source in sources() {
        let document = Peewee.read(&source);
        // A class that a later one of the same name replaces cannot be named.
        let current = |model: &&Model| {
            document.model(&model.name.text).is_some_and(|last| last.span == model.span)
        };
        for model in document.models.iter().filter(current) {
            for field in model.fields.iter().filter(|field| model.span.contains(field.span)) {
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
            edit(&Peewee, source, &Peewee.read(source), &change),
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
        let document = Peewee.read(&there);
        let moved = document.model(&model.name.text).unwrap();
        let moved_field = moved.field("fresh_name").unwrap();
        let back = renamed(unchanged(&there, moved, moved_field).unwrap(), &field.name.text);
        match apply_to(&there, &back) {
            // Where it hid a field of a parent, that has the name now.
            Err(EditError::Taken(name)) => assert_eq!(name, field.name.text),
            back => assert_eq!(back.unwrap(), source),
        }
        // What the file says about the field goes along with its name.
        let lost = ["unknown-field-in-index", "unknown-field-in-key", "unknown-target-field"];
        let after = rules(&there);
        assert!(!after.iter().any(|rule| lost.contains(rule)), "{after:?}\n{there}");
    });
}

#[test]
fn renaming_a_model_can_be_taken_back() {
    for source in sources() {
        let document = Peewee.read(&source);
        for model in &document.models {
            let name = model.name.text.clone();
            let twice = document.models.iter().filter(|other| other.name.text == name).count() > 1;
            if twice {
                continue;
            }
            let change = Edit::RenameModel { model: name.clone(), name: "FreshName".into() };
            let there = apply_to(&source, &change).unwrap();
            let lost = ["undefined-name", "target-in-quotes", "deferred-key-waits"];
            let after = rules(&there);
            assert!(!after.iter().any(|rule| lost.contains(rule)), "{after:?}\n{there}");
            let back = Edit::RenameModel { model: "FreshName".into(), name };
            assert_eq!(apply_to(&there, &back).unwrap(), source);
        }
    }
}

#[test]
fn what_is_added_can_be_deleted_again() {
    for source in sources() {
        let more = apply_to(&source, &Edit::AddModel { name: "Fresh".into() }).unwrap();
        assert!(Peewee.read(&more).model("Fresh").is_some(), "{more}");
        let back = apply_to(&more, &Edit::DeleteModel { model: "Fresh".into() }).unwrap();
        assert_eq!(back.trim_end(), source.trim_end());
        for model in Peewee.read(&source).models {
            if model.kind == ModelKind::Abstract {
                continue; // With a field it is no mere base class any more.
            }
            let field = FieldDraft {
                name: "fresh_name".into(),
                class: "TextField".into(),
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
fn a_new_file_takes_models_and_relations() {
    let mut source = Peewee.skeleton().to_owned();
    for name in ["User", "Group"] {
        source = apply_to(&source, &Edit::AddModel { name: name.into() }).unwrap();
    }
    // One to a model that comes later, one to one that is there.
    for (model, target, kind) in [
        ("User", "Group", crate::document::RelationKind::ForeignKey),
        ("Group", "User", crate::document::RelationKind::ManyToMany),
        ("Group", "Group", crate::document::RelationKind::OneToOne),
    ] {
        let relation = RelationDraft {
            name: format!("to_{}", target.to_lowercase()),
            kind,
            target: target.into(),
            related_name: None,
            null: true,
            on_delete: None,
            through: ThroughDraft::Automatic,
        };
        source = apply_to(&source, &Edit::AddRelation { model: model.into(), relation }).unwrap();
    }
    assert_eq!(rules(&source), Vec::<&str>::new(), "{source}");
    let analysis = analyze(&Peewee, &source);
    assert_eq!(analysis.tables.tables.len(), 3, "{source}");
}

#[test]
fn a_new_through_model_has_a_stand_in() {
    let mut source = Peewee.skeleton().to_owned();
    for name in ["Club", "Person"] {
        source = apply_to(&source, &Edit::AddModel { name: name.into() }).unwrap();
    }
    let relation = |target: &str, through| RelationDraft {
        name: "links".into(),
        kind: crate::document::RelationKind::ManyToMany,
        target: target.into(),
        related_name: None,
        null: false,
        on_delete: None,
        through,
    };
    let through = ThroughDraft::NewModel { name: "Entry".into(), fields: Vec::new() };
    let draw = |model: &str, relation| Edit::AddRelation { model: model.into(), relation };
    let drawn = apply_to(&source, &draw("Person", relation("Club", through))).unwrap();
    assert_eq!(rules(&drawn), Vec::<&str>::new(), "{drawn}");
    let analysis = analyze(&Peewee, &drawn);
    let person = analysis.resolved.model("Person").unwrap();
    let through = person.forward.first().and_then(|forward| forward.through.as_ref());
    assert_eq!(through.map(|through| through.model.as_str()), Some("Entry"), "{drawn}");
    assert!(drawn.contains("EntryDeferred = DeferredThroughModel()\n\n\nclass Person"), "{drawn}");
    // Peewee has no name for a model that comes later.
    let refused = apply_to(&source, &draw("Club", relation("Person", ThroughDraft::Automatic)));
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("Draw it from Person to Club"), "{refused}");
}
