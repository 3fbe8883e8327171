//! What the form of a relation holds, and the edit that it stands for. Pure.

use throughline_core::check::names;
use throughline_core::document::{Field, RelationKind};
use throughline_core::edit::{FieldDraft, RelationDraft, ThroughDraft};
use throughline_core::{Document, Edit};

/// The state of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    /// The model that declares it.
    pub(crate) from: String,
    /// The model that it points at.
    pub(crate) to: String,
    /// The field as it is now; `None` for a new one.
    pub(crate) existing: Option<String>,
    /// Which kind.
    pub(crate) kind: RelationKind,
    /// The field's name, where the user gave one.
    pub(crate) name: Option<String>,
    /// The reverse name; empty for the ORM's default.
    pub(crate) related_name: String,
    /// Whether the key may be null.
    pub(crate) null: bool,
    /// What happens on deletion; empty where the relation leaves it to the ORM.
    pub(crate) on_delete: String,
    /// What stands behind a many-to-many.
    pub(crate) through: ThroughDraft,
}

impl Form {
    /// The form of a new relation.
    pub(crate) fn new(from: String, to: String) -> Self {
        Self {
            from,
            to,
            existing: None,
            kind: RelationKind::ForeignKey,
            name: None,
            related_name: String::new(),
            null: false,
            on_delete: "CASCADE".into(),
            through: ThroughDraft::Automatic,
        }
    }

    /// The form of a relation that there is.
    pub(crate) fn of(document: &Document, model: &str, field: &str) -> Option<Self> {
        let declared: &Field = document.model(model)?.field(field)?;
        let relation = declared.relation()?;
        let named = |text: &str| match text {
            "self" => model.to_owned(),
            path => path.rsplit('.').next().unwrap_or(path).to_owned(),
        };
        let to = relation.target.as_ref().map(|target| named(&target.text)).unwrap_or_default();
        let through =
            relation.through.as_ref().map(|through| ThroughDraft::Model(named(&through.text)));
        Some(Self {
            existing: Some(field.to_owned()),
            kind: relation.kind,
            name: Some(field.to_owned()),
            related_name: relation
                .related_name
                .as_ref()
                .map(|name| name.text.clone())
                .unwrap_or_default(),
            null: declared.null,
            on_delete: relation
                .on_delete
                .as_ref()
                .map(|name| name.text.clone())
                .unwrap_or_default(),
            through: through.unwrap_or_default(),
            ..Self::new(model.to_owned(), to)
        })
    }

    /// The field's name: the given one, else one that is free and says what it is.
    pub(crate) fn field_name(&self, document: &Document) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        if self.to.is_empty() {
            return String::new();
        }
        let one = names::snake(&self.to);
        let base = if self.kind == RelationKind::ManyToMany { names::plural(&one) } else { one };
        let alternative = if self.from == self.to { vec!["parent".to_owned()] } else { Vec::new() };
        let candidates: Vec<String> = alternative
            .into_iter()
            .filter(|_| self.kind != RelationKind::ManyToMany)
            .chain([base])
            .collect();
        let model = document.model(&self.from);
        names::free(&candidates, |name| model.is_some_and(|model| model.field(name).is_some()))
    }

    /// A name for the other side, where the user wants one.
    pub(crate) fn suggested_related_names(&self, document: &Document) -> Vec<String> {
        let one = names::snake(&self.from);
        let many =
            if self.kind == RelationKind::OneToOne { one.clone() } else { names::plural(&one) };
        let field = self.field_name(document);
        vec![many.clone(), format!("{field}_{many}"), format!("{one}_as_{field}")]
    }

    /// The edit that it stands for.
    pub(crate) fn edit(&self, document: &Document) -> Edit {
        let many = self.kind == RelationKind::ManyToMany;
        let relation = RelationDraft {
            name: self.field_name(document).trim().to_owned(),
            kind: self.kind,
            target: self.to.clone(),
            related_name: Some(self.related_name.trim().to_owned()).filter(|name| !name.is_empty()),
            null: self.null && !many,
            on_delete: Some(self.on_delete.clone()).filter(|action| !many && !action.is_empty()),
            through: if many { self.through.clone() } else { ThroughDraft::Automatic },
        };
        match &self.existing {
            None => Edit::AddRelation { model: self.from.clone(), relation },
            Some(field) => Edit::ChangeRelation {
                model: self.from.clone(),
                field: field.clone(),
                to: relation,
            },
        }
    }

    /// The other way round.
    #[must_use]
    pub(crate) fn swapped(&self) -> Self {
        Self { from: self.to.clone(), to: self.from.clone(), name: None, ..self.clone() }
    }

    /// With another action on deletion, and the null that it needs.
    #[must_use]
    pub(crate) fn with_on_delete(&self, on_delete: String) -> Self {
        let null = self.null || on_delete.replace(' ', "_") == "SET_NULL";
        Self { on_delete, null, ..self.clone() }
    }

    /// A new through model, with a name made of both.
    pub(crate) fn new_through(&self, document: &Document) -> ThroughDraft {
        let taken = |name: &str| document.model(name).is_some();
        let name = names::free(&[format!("{}{}", self.from, self.to)], taken);
        ThroughDraft::NewModel { name, fields: Vec::new() }
    }
}

/// A new extra field of a through model.
pub(crate) fn extra_field(taken: &[FieldDraft], class: &str) -> FieldDraft {
    let is_taken = |name: &str| taken.iter().any(|field| field.name == name);
    FieldDraft {
        name: names::free(&["note".into(), "since".into()], is_taken),
        class: class.to_owned(),
        arguments: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use throughline_core::orm;

    use super::*;

    const SOURCE: &str = "from django.db import models\n\nclass Student(models.Model):\n    pass\n\nclass Course(models.Model):\n    student = models.ForeignKey(Student, models.PROTECT, null=True, related_name=\"taught\")\n";

    fn document() -> Document {
        orm::by_id("django").unwrap().read(SOURCE)
    }

    #[test]
    fn the_proposed_name_is_free() {
        let document = document();
        let form = Form::new("Course".into(), "Student".into());
        assert_eq!(form.field_name(&document), "student_2");
        let many = Form { kind: RelationKind::ManyToMany, ..form };
        assert_eq!(many.field_name(&document), "students");
        assert_eq!(Form::new("Student".into(), "Student".into()).field_name(&document), "parent");
    }

    #[test]
    fn an_existing_relation_fills_the_form() {
        let form = Form::of(&document(), "Course", "student").unwrap();
        assert_eq!(
            (form.to.as_str(), form.null, form.on_delete.as_str(), form.related_name.as_str()),
            ("Student", true, "PROTECT", "taught")
        );
    }

    #[test]
    fn setting_null_on_deletion_needs_null() {
        let form = Form::new("Course".into(), "Student".into()).with_on_delete("SET_NULL".into());
        assert!(form.null);
    }
}
