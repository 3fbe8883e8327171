//! Django 5.2.

use super::{Marks, Orm, Profile, QueryWord, SourceWord, ThroughWord, Words, references};
use crate::check::{Context, Diagnostic, Examined, Rule};
use crate::compare::Aspect;
use crate::document::{ColumnType, Document, Field, Model, Project, Span};
use crate::edit::{FieldDraft, RelationDraft, Written};
use crate::resolve::Resolved;
use crate::sql::Dialect;
use crate::tables::{Column, Table, Tables};

mod contrib;
mod ddl;
mod fields;
mod habits;
mod lower;
mod names;
mod profile;
mod read;
mod registry;
mod resolve;
mod rules;
mod source;
mod types;
mod write;

/// Django.
#[derive(Debug)]
pub struct Django;

impl Orm for Django {
    fn profile(&self) -> &'static Profile {
        &profile::PROFILE
    }

    fn marks(&self) -> &'static Marks {
        &profile::MARKS
    }

    fn habit(&self, aspect: Aspect) -> &'static str {
        habits::habit(aspect)
    }

    fn late_reference(&self, name: &str, itself: bool) -> Option<(String, &'static str)> {
        Some(if itself {
            ("\"self\"".into(), "Django has the word `\"self\"` for that.")
        } else {
            (
                format!("\"{name}\""),
                "In quotes the name is looked up later, when all models are there.",
            )
        })
    }

    fn read(&self, source: &str) -> Document {
        read::read(source)
    }

    fn read_bare(&self, source: &str) -> Document {
        // The recordings install Django's own apps for a text that speaks of them.
        let installed = source.contains("django.contrib");
        let project = if installed { Project::Apps } else { Project::Bare };
        Document { project, ..read::read(source) }
    }

    fn table_name(&self, model: &Model) -> String {
        format!("app_{}", model.name.text.to_lowercase())
    }

    fn library(&self, document: &Document) -> Option<&'static Document> {
        contrib::is_reached(document).then(contrib::document)
    }

    fn rules(&self) -> Vec<&'static Rule> {
        rules::RULES.iter().map(|(rule, _)| *rule).collect()
    }

    fn check(&self, context: &Context<'_>) -> Vec<Diagnostic> {
        rules::check(context, &registry::Registry::new(context.document))
    }

    fn examine(&self, source: &str, document: &Document) -> Option<Examined> {
        let registry = registry::Registry::new(document);
        let resolved = resolve::resolve(&registry);
        let context = Context { orm: self, source, document, resolved: &resolved };
        let diagnostics = rules::check(&context, &registry);
        let tables = lower::lower(document, &resolved, Dialect::Sqlite);
        Some(Examined { resolved, diagnostics, tables })
    }

    fn resolve(&self, document: &Document) -> Resolved {
        resolve::resolve(&registry::Registry::new(document))
    }

    fn lower(&self, document: &Document, resolved: &Resolved) -> Tables {
        lower::lower(document, resolved, Dialect::Sqlite)
    }

    fn lower_for(&self, document: &Document, resolved: &Resolved, dialect: Dialect) -> Tables {
        lower::lower(document, resolved, dialect)
    }

    fn server_ddl(&self, tables: &Tables, dialect: Dialect) -> Vec<String> {
        ddl::statements(tables, dialect)
    }

    fn type_word(&self, column: &Column) -> String {
        match column.ty {
            // Without a length Django has no better word than the field class's.
            ColumnType::Varchar(None) => "CharField".into(),
            _ => column.ty.to_string(),
        }
    }

    fn sqlite(&self, table: &Table) -> Vec<String> {
        ddl::table(table)
    }

    fn source_writer(&self) -> Option<&'static crate::convert::SourceWriter> {
        Some(&source::WRITER)
    }

    fn words(&self) -> Words {
        Words {
            through: ThroughWord::Class,
            reverse_source: SourceWord::Field,
            query: QueryWord::Name,
            app: Some(registry::APP),
        }
    }

    fn skeleton(&self) -> &'static str {
        "from django.db import models\n"
    }

    fn write_model(&self, document: &Document, name: &str) -> String {
        write::model(document, name)
    }

    fn write_field(&self, document: &Document, field: &FieldDraft) -> Written {
        write::field(document, field)
    }

    fn write_relation(
        &self,
        document: &Document,
        model: &Model,
        relation: &RelationDraft,
    ) -> Written {
        write::relation(document, model, relation)
    }

    fn write_through(
        &self,
        document: &Document,
        owner: &Model,
        target: &str,
        name: &str,
        fields: &[FieldDraft],
    ) -> String {
        write::through(document, owner, target, name, fields)
    }

    fn through_fields(&self, owner: &str, target: &str) -> (String, String) {
        write::through_fields(owner, target)
    }

    fn import_for(&self, document: &Document, written: &str) -> Option<&'static str> {
        write::import_for(document, written)
    }

    fn positional(&self, class: &str) -> &'static [&'static str] {
        write::positional(class)
    }

    fn drops(&self, class: &str, keyword: &str) -> bool {
        write::drops(class, keyword)
    }

    fn keeps_name(&self, field: &Field) -> Option<&'static str> {
        (field.base == Some("CompositePrimaryKey"))
            .then_some("A composite key has to be called pk.")
    }

    fn field_references(
        &self,
        source: &str,
        document: &Document,
        model: &str,
        field: &str,
    ) -> Vec<Span> {
        references::of_field(&write::NAMES, source, document, model, field)
    }
}
