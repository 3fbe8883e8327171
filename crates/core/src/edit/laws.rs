//! Laws that hold for every edit of every source.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::analysis::analyze;
use crate::document::{Field, FieldKind, Model, RelationKind};
use crate::examples;
use crate::export;
use crate::orm::django::Django;

/// Spellings that the examples do not have.
const AWKWARD: &str = r#"'''A module.'''
from __future__ import annotations
from django.db import models as m

class A(m.Model): pass
class B(m.Model): x = m.TextField(); y = m.TextField()  # both
class C(A):
	"""Tabs."""
	a: "m.ForeignKey[A]" = m.ForeignKey("app.A", m.CASCADE, 'cs')
	b = m.ManyToManyField(to='B', blank=True,
		related_name="+")

	@property
	def both(self): return self.a, self.b
class D(m.Model):
	class Meta: abstract = True
	@staticmethod
	def f(): pass
class E(D):
	c = (m.CharField)(
		"the name", max_length=10, null=False,
	)
	d = m.OneToOneField(C, m.SET_NULL, null=True, related_name='d')
	class Meta:
		unique_together = ("c", "d"),"#;

static SOURCES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let own = || examples::ALL.iter().filter(|example| example.orm == Django.profile().id);
    let plain = own().map(|example| example.models.to_owned());
    let shorn = own().map(|example| example.models.trim_end().to_owned());
    plain.chain([AWKWARD.to_owned()]).chain(shorn).chain(recorded()).collect()
});

/// The recorded cases that the ORM has nothing to say against. Those with a clash change their verdict with a name.
fn recorded() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/fixtures/django");
    let files =
        std::fs::read_dir(folder).unwrap().map(|case| case.unwrap().path().join("models.py"));
    let sources: Vec<String> = files
        .filter_map(|file| std::fs::read_to_string(file).ok())
        .filter(|source| rules(source).is_empty())
        .filter(|source| as_python_keeps_it(source))
        .collect();
    assert!(sources.len() > 40, "{}", sources.len());
    sources
}

/// Whether all names stand in the text as Python keeps them. Of a name in another form (a ligature) the document has Python's, so
/// it comes back in that.
fn as_python_keeps_it(source: &str) -> bool {
    Django.read(source).models.iter().all(|model| {
        source.contains(&model.name.text)
            && model.fields.iter().all(|field| source.contains(&field.name.text))
    })
}

/// Asks a law of every source, and says of which it does not hold.
fn on_every_source(law: impl Fn(&String) + std::panic::RefUnwindSafe) {
    let broken: Vec<&String> =
        SOURCES.iter().filter(|source| std::panic::catch_unwind(|| law(source)).is_err()).collect();
    assert!(broken.is_empty(), "{} sources, the first is\n{}", broken.len(), broken[0]);
}

fn apply_to(source: &str, change: &Edit) -> Result<String, EditError> {
    edit(&Django, source, &Django.read(source), change).map(|edits| apply(source, &edits))
}

/// What an analysis says, without places in the source.
fn meaning(source: &str) -> serde_json::Value {
    export::inspect(&Django, &analyze(&Django, source))
}

fn rules(source: &str) -> Vec<&'static str> {
    let mut rules: Vec<&str> =
        analyze(&Django, source).diagnostics.iter().map(|diagnostic| diagnostic.rule).collect();
    rules.sort_unstable();
    rules
}

/// The edit that changes a field to what it is.
fn unchanged(source: &str, model: &Model, field: &Field) -> Edit {
    let (model_name, field_name) = (model.name.text.clone(), field.name.text.clone());
    match &field.kind {
        FieldKind::Relation(relation) => {
            let target = relation.target.as_ref().unwrap();
            let last = |text: &str| text.rsplit('.').next().unwrap().to_owned();
            let to = RelationDraft {
                name: field_name.clone(),
                kind: relation.kind,
                target: if target.text == "self" { model_name.clone() } else { last(&target.text) },
                related_name: relation.related_name.as_ref().map(|name| name.text.clone()),
                null: field.null,
                on_delete: relation.on_delete.as_ref().map(|name| name.text.clone()),
                through: relation.through.as_ref().map_or(ThroughDraft::Automatic, |through| {
                    ThroughDraft::Model(last(&through.text))
                }),
            };
            Edit::ChangeRelation { model: model_name, field: field_name, to }
        }
        FieldKind::Column(_) | FieldKind::Virtual => {
            // What `**DEFAULTS` gives has no place of its own.
            let own = field.args.iter().filter(|arg| arg.span != arg.value_span);
            let arguments = own.filter_map(|arg| {
                Some((arg.keyword.clone()?, Some(arg.value_span.text(source).to_owned())))
            });
            let to = FieldDraft {
                name: field_name.clone(),
                class: field.class.text.clone(),
                arguments: arguments.collect(),
            };
            Edit::ChangeField { model: model_name, field: field_name, to }
        }
    }
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
fn an_unchanged_draft_is_no_edit() {
    on_every_source(|source| {
        let document = Django.read(source);
        for model in &document.models {
            for field in &model.fields {
                let change = unchanged(source, model, field);
                assert_eq!(edit(&Django, source, &document, &change), Ok(Vec::new()), "{change:?}");
            }
        }
    });
}

/// Whether a model still has a field of this name after the one that it declared is renamed.
fn uncovers(there: &str, model: &Model, field: &Field) -> bool {
    let analysis = analyze(&Django, there);
    analysis.resolved.model(&model.name.text).is_some_and(|model| {
        model.field(&field.name.text).is_some()
            || model.forward.iter().any(|forward| forward.field == field.name.text)
    })
}

/// Whether a `class Meta(Other.Meta)` stands in a class that does not inherit from `Other`.
fn borrows_options(document: &Document) -> bool {
    document.models.iter().any(|model| {
        let owners = model.meta.bases.iter().filter_map(|base| base.path.strip_suffix(".Meta"));
        owners.into_iter().any(|owner| !model.bases.iter().any(|base| base.path == owner))
    })
}

#[test]
fn renaming_a_field_changes_no_verdict_and_can_be_taken_back() {
    on_every_source(|source| {
        let document = Django.read(source);
        for model in &document.models {
            for field in &model.fields {
                let change = renamed(unchanged(source, model, field), "fresh_name");
                if Django.keeps_name(field).is_some() {
                    assert!(matches!(apply_to(source, &change), Err(EditError::Refused(_))));
                    continue;
                }
                let there = apply_to(source, &change).unwrap();
                // Where the field took the place of an inherited one, that is back; a `Meta` that is inherited apart from
                // its class names fields of others. Both change the models, and so may change the verdict.
                if !(uncovers(&there, model, field) || borrows_options(&document)) {
                    assert_eq!(
                        rules(&there),
                        rules(source),
                        "{}.{}",
                        model.name.text,
                        field.name.text
                    );
                }
                let document = Django.read(&there);
                let model = document.model(&model.name.text).unwrap();
                let back = renamed(
                    unchanged(&there, model, model.field("fresh_name").unwrap()),
                    &field.name.text,
                );
                assert_eq!(apply_to(&there, &back).unwrap(), *source);
            }
        }
    });
}

#[test]
fn renaming_a_model_changes_no_verdict_and_can_be_taken_back() {
    on_every_source(|source| {
        for model in &Django.read(source).models {
            let there = apply_to(
                source,
                &Edit::RenameModel { model: model.name.text.clone(), name: "FreshName".into() },
            )
            .unwrap();
            assert_eq!(rules(&there), rules(source), "{}", model.name.text);
            assert!(
                !Django.read(&there).models.iter().any(|other| other.name.text == model.name.text)
            );
            let back =
                Edit::RenameModel { model: "FreshName".into(), name: model.name.text.clone() };
            // `"hTTPRequest"` comes back as the class is written, or in lower case where it was.
            assert_eq!(apply_to(&there, &back).unwrap().to_lowercase(), source.to_lowercase());
        }
    });
}

/// The source with `class A: pass` over two lines, as it is once a field was there.
fn opened(source: &str, model: &Model) -> String {
    let class = model.span.text(source);
    let open = match class.strip_suffix(": pass") {
        Some(head) if !head.contains('\n') => format!("{head}:\n    pass"),
        _ => class.to_owned(),
    };
    let (start, end) = (model.span.start as usize, model.span.end as usize);
    format!("{}{open}{}", &source[..start], &source[end..])
}

#[test]
fn adding_and_deleting_a_field_leaves_the_meaning() {
    on_every_source(|source| {
        for at in &Django.read(source).models {
            let model = at.name.text.clone();
            let field = FieldDraft {
                name: "fresh_name".into(),
                class: "CharField".into(),
                arguments: Vec::new(),
            };
            let more = apply_to(source, &Edit::AddField { model: model.clone(), field }).unwrap();
            let document = Django.read(&more);
            assert!(document.model(&model).unwrap().field("fresh_name").is_some());
            let back =
                apply_to(&more, &Edit::DeleteField { model, field: "fresh_name".into() }).unwrap();
            assert_eq!(meaning(&back), meaning(source));
            if !source.contains("A module.") {
                assert_eq!(back, opened(source, at));
            }
        }
    });
}

#[test]
fn adding_and_deleting_a_model_gives_the_text_back() {
    on_every_source(|source| {
        let more = apply_to(source, &Edit::AddModel { name: "Fresh".into() }).unwrap();
        let back = apply_to(&more, &Edit::DeleteModel { model: "Fresh".into() }).unwrap();
        assert_eq!(back.trim_end(), source.trim_end());
    });
}

#[test]
fn every_field_and_model_can_be_deleted() {
    on_every_source(|source| {
        for model in &Django.read(source).models {
            let without =
                apply_to(source, &Edit::DeleteModel { model: model.name.text.clone() }).unwrap();
            assert!(Django.read(&without).model(&model.name.text).is_none());
            for field in &model.fields {
                let without = apply_to(
                    source,
                    &Edit::DeleteField {
                        model: model.name.text.clone(),
                        field: field.name.text.clone(),
                    },
                )
                .unwrap();
                let rest = Django.read(&without);
                let rest = rest.model(&model.name.text).unwrap();
                assert_eq!(rest.fields.len(), model.fields.len() - 1);
            }
        }
    });
}

#[test]
fn every_relation_can_become_every_kind_and_back() {
    on_every_source(|source| {
        let document = Django.read(source);
        for model in &document.models {
            for field in &model.fields {
                let Edit::ChangeRelation { model, field, to } = unchanged(source, model, field)
                else {
                    continue;
                };
                for kind in
                    [RelationKind::ForeignKey, RelationKind::OneToOne, RelationKind::ManyToMany]
                {
                    let to = RelationDraft { kind, through: ThroughDraft::Automatic, ..to.clone() };
                    let there = apply_to(
                        source,
                        &Edit::ChangeRelation { model: model.clone(), field: field.clone(), to },
                    )
                    .unwrap();
                    let document = Django.read(&there);
                    let changed =
                        document.model(&model).unwrap().field(&field).unwrap().relation().unwrap();
                    assert_eq!(changed.kind, kind);
                    assert_eq!(changed.on_delete.is_some(), kind != RelationKind::ManyToMany);
                    assert_eq!(
                        changed.related_name.as_ref().map(|name| &name.text),
                        to_name(source, &model, &field).as_ref()
                    );
                }
            }
        }
    });
}

fn to_name(source: &str, model: &str, field: &str) -> Option<String> {
    let document = Django.read(source);
    let name = document.model(model)?.field(field)?.relation()?.related_name.as_ref()?;
    Some(name.text.clone())
}

fn any_edit() -> impl Strategy<Value = (u8, usize, usize, u8)> {
    (0u8..9, any::<usize>(), any::<usize>(), any::<u8>())
}

/// An edit that a person might make next.
fn concrete(source: &str, (what, model, field, extra): (u8, usize, usize, u8)) -> Option<Edit> {
    let document = Django.read(source);
    let name = || format!("n{}", extra % 7);
    if what == 0 || document.models.is_empty() {
        return Some(Edit::AddModel { name: name() });
    }
    let at = &document.models[model % document.models.len()];
    let other = document.models[field % document.models.len()].name.text.clone();
    let model = at.name.text.clone();
    let pick = || Some(&at.fields[field.checked_rem(at.fields.len())?]);
    let kind = [RelationKind::ForeignKey, RelationKind::OneToOne, RelationKind::ManyToMany]
        [usize::from(extra % 3)];
    let relation = RelationDraft {
        name: name(),
        kind,
        target: other,
        related_name: (extra % 2 == 0).then(|| format!("r{extra}")),
        null: extra % 5 == 0,
        on_delete: None,
        through: match extra % 4 {
            0 => ThroughDraft::NewModel { name: format!("T{extra}"), fields: Vec::new() },
            _ => ThroughDraft::Automatic,
        },
    };
    let classes = Django.profile().field_classes;
    let plain = FieldDraft {
        name: name(),
        class: classes[usize::from(extra) % classes.len()].name.into(),
        arguments: Vec::new(),
    };
    Some(match what {
        1 => Edit::DeleteModel { model },
        2 => Edit::RenameModel { model, name: format!("N{extra}") },
        3 => Edit::AddField { model, field: plain },
        4 => Edit::DeleteField { model, field: pick()?.name.text.clone() },
        5 => Edit::ChangeField { model, field: pick()?.name.text.clone(), to: plain },
        6 => Edit::ChangeRelation { model, field: pick()?.name.text.clone(), to: relation },
        _ => Edit::AddRelation { model, relation },
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A chain of edits, on the same text with the line breaks of Unix and of Windows: always the same text but for these.
    #[test]
    fn edits_keep_line_breaks(start in any::<prop::sample::Index>(), changes in proptest::collection::vec(any_edit(), 1..8)) {
                let mut unix = start.get(&SOURCES).clone();
        let mut windows = unix.replace('\n', "\r\n");
        for change in changes {
            let Some(change) = concrete(&unix, change) else { continue };
            match (apply_to(&unix, &change), apply_to(&windows, &change)) {
                (Ok(a), Ok(b)) => {
                    prop_assert_eq!(&b, &a.replace('\n', "\r\n"), "{:?}", change);
                    (unix, windows) = (a, b);
                }
                (a, b) => prop_assert_eq!(a.is_err(), b.is_err(), "{:?}", change),
            }
        }
    }

    /// Whatever is asked of whatever text: an answer, and never a panic.
    #[test]
    fn nonsense_is_refused(text in "(?s)(class A\\(models.Model\\):\n    |x = models.|[a-z(\\[\"'#:,=\\\\ \n\t]|\r\n){0,30}", change in any_edit()) {
        if let Some(change) = concrete(&text, change) {
            let _ = apply_to(&text, &change);
        }
    }
}
