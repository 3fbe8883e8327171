//! Tortoise ORM 1.1.9.

use super::{Marks, Orm, Profile, QueryWord, SourceWord, ThroughWord, Words, references};
use crate::check::{Context, Diagnostic, Examined, Rule};
use crate::compare::Aspect;
use crate::document::{Document, Model, Span};
use crate::edit::{FieldDraft, RelationDraft, Written};
use crate::resolve::Resolved;
use crate::sql::Dialect;
use crate::tables::{Column, Table, Tables};
use world::World;

mod ddl;
mod fields;
mod habits;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod lessons;
mod lower;
mod profile;
mod read;
mod resolve;
mod rules;
mod servers;
mod source;
mod world;
mod write;

/// Tortoise.
#[derive(Debug)]
pub struct Tortoise;

impl Orm for Tortoise {
    fn profile(&self) -> &'static Profile {
        &profile::PROFILE
    }

    fn marks(&self) -> &'static Marks {
        &profile::MARKS
    }

    fn habit(&self, aspect: Aspect) -> &'static str {
        habits::habit(aspect)
    }

    fn late_reference(&self, name: &str, _itself: bool) -> Option<(String, &'static str)> {
        Some((
            format!("\"{}.{name}\"", world::APP),
            "With the app before it and in quotes, the name is looked up when Tortoise starts.",
        ))
    }

    fn read(&self, source: &str) -> Document {
        read::read(source)
    }

    fn table_name(&self, model: &Model) -> String {
        model.name.text.to_lowercase()
    }

    fn rules(&self) -> Vec<&'static Rule> {
        rules::RULES.iter().map(|(rule, _)| *rule).collect()
    }

    fn check(&self, context: &Context<'_>) -> Vec<Diagnostic> {
        rules::check(context, &World::new(context.document))
    }

    fn examine(&self, source: &str, document: &Document) -> Option<Examined> {
        let world = World::new(document);
        let resolved = resolve::resolve(&world);
        let context = Context { orm: self, source, document, resolved: &resolved };
        let diagnostics = rules::check(&context, &world);
        let tables = lower::lower(&world);
        Some(Examined { resolved, diagnostics, tables })
    }

    fn resolve(&self, document: &Document) -> Resolved {
        resolve::resolve(&World::new(document))
    }

    fn lower(&self, document: &Document, _resolved: &Resolved) -> Tables {
        lower::lower(&World::new(document))
    }

    fn type_word(&self, column: &Column) -> String {
        column.native.as_deref().map_or_else(|| column.ty.to_string(), fields::word)
    }

    fn sqlite(&self, table: &Table) -> Vec<String> {
        ddl::statements(table)
    }

    fn server_ddl(&self, tables: &Tables, dialect: Dialect) -> Vec<String> {
        servers::statements(tables, dialect)
    }

    fn words(&self) -> Words {
        Words {
            through: ThroughWord::Table,
            reverse_source: SourceWord::Key,
            query: QueryWord::Name,
            app: Some(world::APP),
        }
    }

    fn tables_need_start_up(&self) -> bool {
        true
    }

    fn source_writer(&self) -> Option<&'static crate::convert::SourceWriter> {
        Some(&source::WRITER)
    }

    fn skeleton(&self) -> &'static str {
        write::SKELETON
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
