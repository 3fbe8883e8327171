//! ormar 0.26.

use super::{Marks, Orm, Profile, QueryWord, SourceWord, ThroughWord, Words};
use crate::check::{Context, Diagnostic, Examined, Rule};
use crate::compare::Aspect;
use crate::document::{Document, Model, Span};
use crate::edit::{FieldDraft, RelationDraft, Written};
use crate::resolve::Resolved;
use crate::sql::Dialect;
use crate::tables::{Table, Tables};

mod ddl;
mod dialect;
mod fields;
mod habits;
#[cfg(test)]
mod laws;
mod lower;
mod profile;
mod read;
mod references;
mod resolve;
mod rings;
mod rules;
mod source;
mod world;
mod write;

use world::World;

/// ormar.
#[derive(Debug)]
pub struct Ormar;

impl Orm for Ormar {
    fn profile(&self) -> &'static Profile {
        &profile::PROFILE
    }

    fn marks(&self) -> &'static Marks {
        &profile::MARKS
    }

    fn null_keyword(&self) -> &'static str {
        "nullable"
    }

    fn habit(&self, aspect: Aspect) -> &'static str {
        habits::habit(aspect)
    }

    fn late_reference(&self, _name: &str, _itself: bool) -> Option<(String, &'static str)> {
        None
    }

    fn read(&self, source: &str) -> Document {
        read::read(source)
    }

    fn table_name(&self, model: &Model) -> String {
        format!("{}s", model.name.text.to_lowercase())
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
        let tables = lower::of_world(&world, Dialect::Sqlite);
        Some(Examined { resolved, diagnostics, tables })
    }

    fn resolve(&self, document: &Document) -> Resolved {
        resolve::resolve(&World::new(document))
    }

    fn lower(&self, document: &Document, _resolved: &Resolved) -> Tables {
        lower::lower(document)
    }

    fn lower_for(&self, document: &Document, _: &Resolved, dialect: Dialect) -> Tables {
        lower::lower_for(document, dialect)
    }

    fn gives_keys_again(&self) -> bool {
        true
    }

    fn sqlite(&self, table: &Table) -> Vec<String> {
        ddl::statements(table, &[], Dialect::Sqlite)
    }

    fn server_ddl(&self, tables: &Tables, dialect: Dialect) -> Vec<String> {
        ddl::server_statements(tables, dialect)
    }

    fn words(&self) -> Words {
        Words {
            through: ThroughWord::Model,
            reverse_source: SourceWord::Field,
            query: QueryWord::Name,
            app: None,
        }
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
        _owner: &Model,
        _target: &str,
        name: &str,
        fields: &[FieldDraft],
    ) -> String {
        write::through(document, name, fields)
    }

    fn completion(&self, document: &Document, model: &Model, written: &str) -> Option<String> {
        write::completion(document, model, written)
    }

    fn through_fields(&self, owner: &str, target: &str) -> (String, String) {
        write::through_fields(owner, target)
    }

    fn import_for(&self, document: &Document, written: &str) -> Option<&'static str> {
        write::import_for(document, written)
    }

    fn positional(&self, class: &str) -> &'static [&'static str] {
        match fields::known(class).map(|known| known.positional) {
            Some(fields::Positional::Named(names)) => names,
            Some(fields::Positional::Ignored) | None => &[],
        }
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
        references::of_field(source, document, model, field)
    }
}
