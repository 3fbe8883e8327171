//! Peewee 4.5.

use super::{Marks, Orm, Profile, QueryWord, SourceWord, ThroughWord, Words};
use crate::check::{Context, Diagnostic, Examined, Rule};
use crate::compare::Aspect;
use crate::document::{Document, Model, Span};
use crate::edit::{FieldDraft, RelationDraft, Written};
use crate::resolve::{Forward, Resolved};
use crate::sql::Dialect;
use crate::tables::{Column, Table, Tables};

mod classes;
mod columns;
mod ddl;
mod fields;
mod habits;
mod keys;
#[cfg(test)]
mod laws;
mod lower;
mod names;
mod profile;
mod read;
mod references;
mod resolve;
mod rules;
mod signature;
mod source;
mod starred;
mod template;
mod text;
mod write;

/// Peewee.
#[derive(Debug)]
pub struct Peewee;

impl Orm for Peewee {
    fn profile(&self) -> &'static Profile {
        &profile::PROFILE
    }

    fn habit(&self, aspect: Aspect) -> &'static str {
        habits::habit(aspect)
    }

    fn marks(&self) -> &'static Marks {
        &profile::MARKS
    }

    fn late_reference(&self, _: &str, itself: bool) -> Option<(String, &'static str)> {
        // Any other name in quotes is an error: `peewee/026`.
        itself.then(|| ("\"self\"".into(), "Peewee has the word `\"self\"` for that."))
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
        let world = classes::replay(context.document);
        rules::check(context, &world, &lower::create(&world))
    }

    fn examine(&self, source: &str, document: &Document) -> Option<Examined> {
        let world = classes::replay(document);
        let created = lower::create(&world);
        let resolved = resolve::resolve(&world);
        let context = Context { orm: self, source, document, resolved: &resolved };
        let diagnostics = rules::check(&context, &world, &created);
        let tables = lower::in_order(created.tables);
        Some(Examined { resolved, diagnostics, tables })
    }

    fn resolve(&self, document: &Document) -> Resolved {
        resolve::resolve(&classes::replay(document))
    }

    fn lower(&self, document: &Document, _: &Resolved) -> Tables {
        lower::lower(&classes::replay(document))
    }

    fn heeds_keys(&self, document: &Document) -> bool {
        keys::heeded(document)
    }

    fn gives_keys_again(&self) -> bool {
        true
    }

    fn sqlite(&self, table: &Table) -> Vec<String> {
        ddl::statements(table, Dialect::Sqlite)
    }

    fn server_ddl(&self, tables: &Tables, dialect: Dialect) -> Vec<String> {
        let order = tables.in_creation_order();
        order.into_iter().flat_map(|table| ddl::statements(table, dialect)).collect()
    }

    fn type_word(&self, column: &Column) -> String {
        ddl::type_word(column)
    }

    fn words(&self) -> Words {
        Words {
            through: ThroughWord::Model,
            reverse_source: SourceWord::Field,
            query: QueryWord::Nothing,
            app: None,
        }
    }

    fn relation_word(&self, forward: &Forward) -> &'static str {
        // Only a `DeferredForeignKey` can be without its model once the file is read.
        if forward.known { forward.kind.short() } else { "deferred" }
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

    fn refuses_relation(
        &self,
        document: &Document,
        model: &Model,
        relation: &RelationDraft,
    ) -> Option<String> {
        write::refuses_relation(document, model, relation)
    }

    fn preparation(&self, document: &Document, written: &str) -> Option<String> {
        write::preparation(document, written)
    }

    fn completion(&self, _: &Document, _: &Model, written: &str) -> Option<String> {
        write::completion(written)
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
        references::of_field(source, document, model, field)
    }
}
