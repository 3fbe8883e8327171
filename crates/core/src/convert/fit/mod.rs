//! A schema fitted to what an ORM can say. All that changes meaning happens here, one concern a file, and each change is said.

mod columns;
mod groups;
mod keys;
mod names;
mod plain;
mod relations;
mod reverse;
mod through;

use super::Names;
use super::schema::*;
use super::target::{Ends, Feature, SourceWriter};
use super::unsaid::Unsaid;
use crate::document::{ColumnType, Value};
use crate::orm;

/// The schema as the ORM with this id and writer can say it; what it cannot say is added to `unsaid`.
pub fn fit(
    schema: &Schema,
    id: &'static str,
    writer: &'static SourceWriter,
    names: Names,
    unsaid: &mut Vec<Unsaid>,
) -> Schema {
    let mut out = schema.clone();
    let source = orm::by_id(schema.orm).and_then(|orm| orm.source_writer());
    let mut fitter = Fitter {
        writer,
        source,
        id,
        same: schema.orm == id,
        imports: schema.imports.clone(),
        unsaid,
    };
    if !fitter.same {
        plain_uniques(&mut out);
    }
    fitter.relations_to_others(&mut out);
    if names == Names::OrmDefault && !fitter.same {
        fitter.own_names(&mut out);
    }
    fitter.model_names(&mut out);
    fitter.quoted_names(&mut out);
    fitter.shared_tables(&mut out);
    fitter.throughs(&mut out);
    fitter.field_names(&mut out);
    for model in &mut out.models {
        fitter.columns(model);
        fitter.primary_key(model);
    }
    fitter.key_types(&mut out);
    fitter.impossible_keys(&mut out);
    fitter.relations(&mut out);
    fitter.reverse_names(&mut out, names);
    for model in &mut out.models {
        fitter.groups(model);
    }
    fitter.key_types(&mut out);
    out.orm = id;
    out
}

/// What all steps share.
struct Fitter<'u> {
    writer: &'static SourceWriter,
    /// The writer of the ORM that the schema comes from: it knows which names are that ORM's own.
    source: Option<&'static SourceWriter>,
    id: &'static str,
    same: bool,
    imports: Vec<(String, String)>,
    unsaid: &'u mut Vec<Unsaid>,
}

impl Fitter<'_> {
    fn say(
        &mut self,
        model: &str,
        field: Option<&str>,
        what: impl Into<String>,
        why: impl Into<String>,
    ) {
        self.unsaid.push(Unsaid {
            model: Some(model.to_owned()),
            field: field.map(str::to_owned),
            what: what.into(),
            why: why.into(),
        });
    }

    /// Where the ORM lacks a feature: says so, and gives true.
    fn lacks(
        &mut self,
        feature: Feature,
        model: &str,
        field: Option<&str>,
        what: impl Into<String>,
    ) -> bool {
        match self.writer.cannot(feature) {
            // What the ORM itself was read from, it can say.
            Some(why) if !self.same => {
                self.say(model, field, what, why);
                true
            }
            Some(_) | None => false,
        }
    }
}

/// A unique column needs no index of its own: where one was asked for as well, the ORM asked means something by it.
fn plain_uniques(schema: &mut Schema) {
    for field in schema.models.iter_mut().flat_map(|model| &mut model.fields) {
        match &mut field.shape {
            Shape::Column(column) => column.index &= !column.unique,
            Shape::Key(key) => key.index &= !key.unique,
            Shape::Many(_) => {}
        }
    }
}

/// A fresh key, numbered by the database.
fn fresh_key(name: &str, ty: ColumnType) -> SchemaField {
    SchemaField {
        name: name.to_owned(),
        shape: Shape::Column(ColumnShape {
            column: name.to_owned(),
            ty,
            auto: true,
            implicit: true,
            null: false,
            unique: false,
            index: false,
            default: None,
            db_default: None,
            db_written: None,
            moment: None,
            choices: Vec::new(),
            class: None,
        }),
        extra: Vec::new(),
    }
}

/// The tables of all models, for the ORM's own names.
fn tables(schema: &Schema) -> std::collections::HashMap<String, String> {
    schema.models.iter().map(|model| (model.name.clone(), model.table.clone())).collect()
}

/// A name that is none of those taken: the wanted one, or with a number. Some ORMs take no name of a kind (`model_…`, or with
/// two underscores in a row), whatever the number: then it is made plain, and at last begins otherwise.
fn free(wanted: &str, taken: &dyn Fn(&str) -> bool) -> String {
    /// More than this many of one name are of a kind that is not taken.
    const MANY: u32 = 2_000;
    let plain = wanted.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    let bases = [wanted.to_owned(), plain.clone(), format!("own_{plain}")];
    let numbered = |base: &String| {
        if !taken(base) {
            return Some(base.clone());
        }
        (2..MANY).map(|number| format!("{base}_{number}")).find(|name| !taken(name))
    };
    bases.iter().find_map(numbered).unwrap_or_default()
}

/// Whether a value can be written for the ORM.
fn writable(value: &Value, imports: &[(String, String)], id: &str) -> Result<(), String> {
    super::python::literal(value, imports, id, &mut super::python::Imports::default()).map(|_| ())
}

/// `Ends` of a relation.
fn ends<'a>(
    owner: &'a str,
    owner_table: &'a str,
    field: &'a str,
    target: &'a str,
    tables: &'a std::collections::HashMap<String, String>,
) -> Ends<'a> {
    Ends {
        owner,
        owner_table,
        field,
        target,
        target_table: tables.get(target).map_or("", String::as_str),
    }
}
