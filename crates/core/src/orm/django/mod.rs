//! Django 5.2.

use super::{Orm, Profile};
use crate::check::Rule;
use crate::document::{Document, Model};
use crate::edit::{FieldDraft, RelationDraft};
use crate::resolve::Resolved;
use crate::tables::{Table, Tables};

mod args;
mod contrib;
mod ddl;
mod fields;
mod lower;
mod profile;
mod read;
mod resolve;
mod rules;

/// Django.
#[derive(Debug)]
pub struct Django;

impl Orm for Django {
    fn profile(&self) -> &'static Profile {
        &profile::PROFILE
    }

    fn read(&self, source: &str) -> Document {
        read::read(source)
    }

    fn table_name(&self, model: &Model) -> String {
        format!("app_{}", model.name.text.to_lowercase())
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::RULES
    }

    fn resolve(&self, document: &Document) -> Resolved {
        resolve::resolve(document)
    }

    fn lower(&self, document: &Document, resolved: &Resolved) -> Tables {
        lower::lower(document, resolved)
    }

    fn sqlite(&self, table: &Table) -> Vec<String> {
        ddl::statements(table)
    }

    fn skeleton(&self) -> &'static str {
        "from django.db import models\n"
    }

    fn write_model(&self, name: &str) -> String {
        format!("class {name}(models.Model):\n    pass")
    }

    fn write_field(&self, _document: &Document, field: &FieldDraft) -> String {
        format!("models.{}()", field.class)
    }

    fn write_relation(&self, _document: &Document, relation: &RelationDraft) -> String {
        format!("models.ForeignKey(\"{}\", on_delete=models.CASCADE)", relation.target)
    }
}
