//! One table: `SchemaManager._create_table`.

use super::failure::{Failures, Reason};
use super::raw::{self, Raw};
use crate::document::{ColumnType, Field, FieldKind, Value};
use crate::orm::peewee::classes::{
    Class, ClassId, Key, Kind, Object, ObjectId, RelField, World, argument,
};
use crate::orm::peewee::{columns, ddl};
use crate::tables::{Check, Column, ForeignKey, Table, Unique};

/// A class's table, without its indexes.
pub(super) fn table<'a>(
    world: &World<'a>,
    _: ClassId,
    class: &Class<'a>,
    failures: &mut Failures<'a>,
) -> Table {
    let mut table = Table {
        name: class.table.to_string(),
        model: class.name.to_string(),
        generated: class.generated_by.is_some(),
        external: false,
        symmetrical: false,
        columns: Vec::with_capacity(class.sorted.len()),
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
        uniques: Vec::new(),
        indexes: Vec::new(),
        checks: Vec::new(),
        comment: None,
        options: Vec::new(),
        left_out: Vec::new(),
        constraints_apart: false,
    };
    if let Key::Composite(names) = class.key {
        for name in names {
            match class.fields.get(name.text.as_str()).and_then(|id| world.object(id)) {
                Some(object) => {
                    table.primary_key.extend(object.column.as_deref().map(str::to_owned))
                }
                None => failures.add(Reason::CompositeKeyField(&name.text, name.span), None),
            }
        }
    }
    for id in &class.sorted {
        if let Some(object) = world.object(*id) {
            column(world, object, *id, &mut table, failures);
        }
    }
    if let [key] = table.primary_key.as_slice()
        && let Some(column) = table.columns.iter_mut().find(|column| column.name == *key)
    {
        column.unique = true;
    }
    constraints(class, &mut table, failures);
    check_whole(class, &mut table, failures);
    table
}

/// What SQLite looks at once the statement is read.
fn check_whole<'a>(class: &Class<'a>, table: &mut Table, failures: &mut Failures<'a>) {
    if table.columns.is_empty() {
        failures.add(Reason::NoColumns, None);
    }
    if let Some(Value::Dict(options)) = class.option("options")
        && !options.is_empty()
    {
        failures.add(Reason::Options, None);
    }
    if let Some(Value::Str(schema)) = class.option("schema")
        && !matches!(schema.to_lowercase().as_str(), "main" | "temp")
    {
        failures.add(Reason::Schema(schema.clone()), None);
    }
    if table.name.to_lowercase().starts_with("sqlite_") {
        failures.add(Reason::Reserved(table.name.clone()), None);
    }
    let strict = class.flag("strict_tables");
    // Unlike the others this one is not handed on to children.
    let without_rowid = class.flag("without_rowid");
    let settings = match class.option("table_settings") {
        Some(Value::Str(text)) => vec![text.clone()],
        Some(Value::List(items)) => {
            items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    };
    let words = [("STRICT", strict), ("WITHOUT ROWID", without_rowid)];
    let words: Vec<&str> =
        words.into_iter().filter(|(_, given)| *given).map(|(word, _)| word).collect();
    let tail: Vec<String> =
        settings.into_iter().chain((!words.is_empty()).then(|| words.join(", "))).collect();
    table.options.extend((!tail.is_empty()).then(|| tail.join(" ")));
    if strict {
        for column in &table.columns {
            let ty = ddl::sqlite_type(column.native.as_deref().unwrap_or_default());
            if ty.is_empty() {
                failures.add(Reason::StrictWithoutType(column.name.clone()), None);
            } else if !matches!(ty, "INT" | "INTEGER" | "REAL" | "TEXT" | "BLOB" | "ANY") {
                failures.add(Reason::StrictType(column.name.clone()), None);
            }
        }
    }
    if without_rowid && table.primary_key.is_empty() {
        failures.add(Reason::WithoutRowId, None);
    }
}

fn column<'a>(
    world: &World<'a>,
    object: &Object<'a>,
    id: ObjectId,
    table: &mut Table,
    failures: &mut Failures<'a>,
) {
    let name = object.column.as_deref().unwrap_or_default();
    if table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name)) {
        failures.add(Reason::DuplicateColumn(name.to_owned()), Some(id));
        return;
    }
    if let Kind::Key(key) = &object.kind {
        match key.field {
            RelField::Composite => failures.add(Reason::TargetHasCompositeKey, Some(id)),
            RelField::Absent if world.target(object).is_some() => {
                failures.add(Reason::TargetHasNoKey, Some(id));
            }
            RelField::Object(_) if world.goes_round(object) => failures.add(Reason::Ring, Some(id)),
            RelField::Absent | RelField::Unset | RelField::Named(_) | RelField::Object(_) => {}
        }
    }
    let ty = columns::type_of(world, object).unwrap_or_else(columns::untyped);
    let spec = object.declared.and_then(|field| match &field.kind {
        FieldKind::Column(spec) => Some(spec),
        FieldKind::Relation(_) | FieldKind::Virtual => None,
    });
    if let Some(bad) = bad_argument(&ty.native) {
        failures.add(Reason::TypeArgument(bad), Some(id));
    }
    let option = |name: &str| object.declared.and_then(|field| argument(field, name));
    if ty.native.contains(" AS IDENTITY") {
        failures.add(Reason::Identity, Some(id));
    }
    if option("sequence").is_some_and(crate::orm::peewee::fields::truth) {
        failures.add(Reason::Sequence, Some(id));
    }
    let mut column = Column {
        name: name.to_owned(),
        null: object.null,
        unique: false,
        auto: ty.auto && object.primary_key,
        default: None,
        choices: spec.map(|spec| choices(&spec.choices, &ty.ty)).unwrap_or_default(),
        field: object.name.to_string(),
        reference: matches!(object.kind, Kind::Key(_)),
        native: Some(ty.native.into_owned()),
        native_default: None,
        collation: option("collation").and_then(Value::as_str).map(str::to_owned),
        constraints: Vec::new(),
        generated: None,
        comment: None,
        ty: ty.ty,
    };
    if let Some(collation) = &column.collation
        && !matches!(collation.to_uppercase().as_str(), "NOCASE" | "RTRIM" | "BINARY")
    {
        failures.add(Reason::Collation(collation.clone()), Some(id));
    }
    let written = match object.kind {
        // The constraints of a key that is not resolved are not heard of.
        Kind::Deferred(_) => None,
        _ => option("constraints").and_then(Value::as_list),
    };
    for constraint in written.unwrap_or_default() {
        match raw::read(constraint) {
            Some(Raw::Sql { text, name }) => {
                raw::apply_to_column(&text, &mut column, table);
                column.constraints.push(raw::named(name.as_deref(), &text));
            }
            Some(Raw::Text) => failures.add(Reason::ConstraintIsText, Some(id)),
            None => table.left_out.push(name.to_owned()),
        }
    }
    if object.primary_key {
        table.primary_key.push(name.to_owned());
        // One that the database does not number is told by its own type.
        column.null = object.null;
    }
    if let Some(key) = foreign_key(world, object, id, name, failures) {
        table.foreign_keys.push(key);
    }
    table.columns.push(column);
}

/// `VARCHAR(Name)`: SQLite takes one or two signed numbers.
fn bad_argument(native: &str) -> Option<String> {
    let (_, arguments) = native.split_once('(')?;
    let arguments = arguments.trim_end_matches(')');
    let is_number = |text: &str| {
        let digits = text.trim().trim_start_matches(['+', '-']);
        !digits.is_empty() && digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
    };
    let bad = arguments.split(',').find(|argument| !is_number(argument))?;
    let word: String = bad
        .trim()
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect();
    Some(if word.is_empty() { bad.trim().chars().take(1).collect() } else { word })
}

fn choices(choices: &[(Value, Value)], ty: &ColumnType) -> Vec<String> {
    let text = matches!(ty, ColumnType::Varchar(_) | ColumnType::Char(_) | ColumnType::Text);
    choices
        .iter()
        .filter_map(|(value, _)| match value {
            Value::Int(number) if !text => Some(number.to_string()),
            Value::Str(value) if text => Some(format!("'{}'", value.replace('\'', "''"))),
            _ => None,
        })
        .collect()
}

/// An action as it is written, and as SQLite reports it; `None` for the latter where it is none.
fn action(field: Option<&Field>, keyword: &str) -> Option<(String, Option<&'static str>)> {
    let field = field?;
    let relation = field.relation()?;
    let spec = if keyword == "on_delete" { &relation.on_delete } else { &relation.on_update };
    let spec = spec.as_ref()?;
    let written = argument(field, keyword)
        .map(crate::orm::peewee::fields::text)
        .unwrap_or_else(|| spec.text.replace('_', " "));
    let words = written.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
    let known = ["CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT", "NO ACTION"];
    Some((written, known.into_iter().find(|known| *known == words)))
}

/// The constraint of a key. One that stood as a `DeferredForeignKey` has none.
fn foreign_key<'a>(
    world: &World<'a>,
    object: &Object<'a>,
    id: ObjectId,
    column: &str,
    failures: &mut Failures<'a>,
) -> Option<ForeignKey> {
    let Kind::Key(key) = &object.kind else { return None };
    let target = world.class(world.target(object)?)?;
    let RelField::Object(referenced) = key.field else { return None };
    let ref_column = world.object(referenced)?.column.as_deref()?.to_owned();
    if key.deferred {
        return None;
    }
    let mut plain = true;
    let mut clause = String::new();
    let mut actions = ["NO ACTION", "NO ACTION"];
    for ((keyword, word), place) in
        [("on_delete", "DELETE"), ("on_update", "UPDATE")].into_iter().zip(&mut actions)
    {
        let Some((written, known)) = action(key.actions_of, keyword) else { continue };
        clause.push_str(&format!(" ON {word} {written}"));
        match known {
            Some(known) => {
                // `NO ACTION` is written out where it is given.
                plain &= known == written && known != "NO ACTION";
                *place = known;
            }
            None => failures.add(Reason::Action(written), Some(id)),
        }
    }
    let option = |name: &str| object.declared.and_then(|field| argument(field, name));
    if let Some(Value::Str(deferrable)) = option("deferrable") {
        clause.push_str(&format!(" DEFERRABLE {deferrable}"));
        plain = false;
    }
    let name = option("constraint_name").and_then(Value::as_str);
    let [on_delete, on_update] = actions;
    let native = (!plain || name.is_some()).then(|| {
        let head = name.map_or_else(String::new, |name| {
            let name = crate::orm::peewee::text::truncated(name.to_owned());
            format!("CONSTRAINT {} ", ddl::quote(&name))
        });
        format!(
            "{head}FOREIGN KEY ({}) REFERENCES {} ({}){clause}",
            ddl::quote(column),
            ddl::quote(&target.table),
            ddl::quote(&ref_column)
        )
    });
    Some(ForeignKey {
        name: name.map(str::to_owned),
        column: column.to_owned(),
        ref_table: target.table.to_string(),
        ref_column,
        on_delete: on_delete.into(),
        on_update: on_update.into(),
        model_on_delete: None,
        deferred: matches!(option("deferrable"), Some(Value::Str(text)) if text.to_uppercase().contains("DEFERRED")),
        native,
    })
}

/// `Meta.constraints`.
fn constraints<'a>(class: &Class<'a>, table: &mut Table, failures: &mut Failures<'a>) {
    let written = class.option("constraints").and_then(Value::as_list).unwrap_or_default();
    for (position, constraint) in written.iter().enumerate() {
        match raw::read(constraint) {
            Some(Raw::Sql { text, name }) => {
                let columns = raw::unique_columns(&text, table);
                match columns.as_deref() {
                    Some([single]) => {
                        let mut all = table.columns.iter_mut();
                        if let Some(column) = all.find(|column| column.name == *single) {
                            column.unique = true;
                        }
                    }
                    Some(columns) => table.uniques.push(Unique {
                        columns: columns.to_vec(),
                        constraint: true,
                        position,
                        ..Unique::default()
                    }),
                    None => {}
                }
                // It is written with the other constraints, and has no clause of its own.
                let reference = raw::reference(&text);
                table.foreign_keys.extend(reference.map(|(column, ref_table, ref_column)| {
                    ForeignKey {
                        column,
                        ref_table,
                        ref_column,
                        on_delete: "NO ACTION".into(),
                        on_update: "NO ACTION".into(),
                        native: Some(String::new()),
                        ..ForeignKey::default()
                    }
                }));
                let condition = raw::check_condition(&text, table);
                table.checks.push(Check {
                    condition,
                    native: Some(raw::named(name.as_deref(), &text)),
                    name,
                    position,
                });
            }
            Some(Raw::Text) => failures.add(Reason::ConstraintIsText, None),
            None => table.left_out.push("constraints".into()),
        }
    }
}
