//! Whole models files in ormar's words.
//!
//! Its own names: `ormar/001`, `004`, `008`, `011`, `023`; what it cannot say was tried on 0.26.0: `UniqueColumns` of a through model cannot name
//! the keys, which are added later, and a relation cannot be the primary key.

use std::collections::HashSet;

use crate::convert::layout::{call, class, file};
use crate::convert::{
    Action, CheckGroup, ColumnShape, Constant, Ends, Extra, Feature, GeneratedThrough, Imports,
    KeyShape, ManyShape, ReverseNames, Schema, SchemaField, SchemaModel, Shape, SourceWriter,
    ThroughShape, bracketed, constant, in_declaration_order, literal, quoted, targets, throughs,
};
use crate::document::{ColumnType, RelationKind, Value};
use crate::edit::Written;

/// ormar's writer.
pub(super) static WRITER: SourceWriter = SourceWriter {
    cannot: &[
        (Feature::NoKey, "Every ormar model has a primary key. An `id` is added."),
        (
            Feature::RelationAsKey,
            "In ormar a relation cannot be the primary key. An `id` is added, and the relation is unique.",
        ),
        (
            Feature::CompositeKey,
            "ormar has single primary keys only. An `id` is added, and the columns are unique together.",
        ),
        (
            Feature::OneToOne,
            "ormar has foreign keys only. A unique one stands here; its other side is a list of at most one.",
        ),
        (
            Feature::ToField,
            "A foreign key of ormar references the primary key, and so it does here.",
        ),
        (Feature::KeyDefault, "ormar takes no default for a relation. It is left out."),
        (Feature::Unenforced, "A foreign key of ormar is always a constraint."),
        (
            Feature::Symmetrical,
            "A many-to-many of ormar runs one way: add each pair both ways round.",
        ),
        (
            Feature::LateMany,
            "In ormar a reference to a model further down fails where others are completed before it. The through model stands alone: query it.",
        ),
        (
            Feature::LateReference,
            "In ormar a reference to a model further down fails where others are completed before it. A plain column stands here.",
        ),
        (Feature::ThroughUnenforced, "The keys of ormar's through tables are constraints."),
        (Feature::ThroughAction, "ormar's through tables always cascade."),
        (Feature::ThroughUpdate, "ormar's through tables always cascade, on update, too."),
        (
            Feature::ThroughWithoutKey,
            "Every through table of ormar has a key of its own. An `id` is added.",
        ),
        (
            Feature::ThroughUnique,
            "ormar's through tables have no unique pair: adding one twice gives two rows.",
        ),
        (Feature::ThroughTable, "ormar names a generated through table after the models."),
        (
            Feature::ThroughKeysDeclared,
            "ormar adds the keys of a through model itself: named like their columns, cascading, in no constraint, without a reverse side.",
        ),
        (Feature::QueryName, "In ormar both are one name."),
        (
            Feature::Inheritance,
            "An ormar model copies the fields of its parents. A unique foreign key stands here; the parent's fields are reached through it.",
        ),
        (
            Feature::Choices,
            "ormar has enumerations in place of lists of values, and keeps the names of their members. It is left out; any value is taken.",
        ),
        (
            Feature::MomentOfCreation,
            "ormar has no auto_now_add. A default stands here, which is set when the object is made.",
        ),
        (
            Feature::MomentOfSave,
            "ormar has no auto_now. A default stands here, which is set when the object is made; later saves leave it.",
        ),
        (Feature::Descending, "ormar's IndexColumns are ascending."),
        (Feature::SharedTable, "ormar declares each table once."),
        (Feature::SharedReverse, "ormar takes each reverse name of a model once."),
    ],
    actions: &[
        Action::NoAction,
        Action::Cascade,
        Action::SetNull,
        Action::SetDefault,
        Action::Restrict,
    ],
    nearest,
    offers: |_| false,
    refuses,
    refuses_model: |_| false,
    // A field that is called like the class of a relation to its model makes ormar crash or lose the other side (`ormar/018`, `ormar/035`).
    reserved_on_target: |owner| Some(owner.to_lowercase()),
    implicit_key: None,
    plain_key: ColumnType::Integer,
    comment_arguments: None,
    key_index: false,
    table,
    key_column: str::to_owned,
    reverse,
    through,
    write,
};

fn table(model: &str) -> String {
    format!("{}s", model.to_lowercase())
}

/// Members of `ormar.Model` and of pydantic's, and the names that annotations in the written file use.
fn refuses(name: &str) -> bool {
    const TAKEN: &[&str] = &[
        "apply_row_plan",
        "bool",
        "build_row_extraction_plan",
        "bytes",
        "construct",
        "copy",
        "copy_selected_validators_type",
        "datetime",
        "db_backend_name",
        "decimal",
        "delete",
        "dict",
        "dump_all_json_fields_to_str",
        "extract_db_own_fields",
        "extract_related_fields",
        "extract_related_names",
        "extract_through_names",
        "float",
        "from_orm",
        "from_row",
        "get_column_alias",
        "get_column_name_from_alias",
        "get_name",
        "get_names_to_exclude",
        "get_or_build_row_plan",
        "get_pydantic",
        "int",
        "json",
        "list",
        "load",
        "load_all",
        "merge_instances_list",
        "merge_two_instances",
        "objects",
        "ormar",
        "ormar_config",
        "own_table_columns",
        "parse_file",
        "parse_non_db_fields",
        "parse_obj",
        "parse_raw",
        "pk",
        "pk_column",
        "pk_type",
        "populate_default_values",
        "populate_onupdate_value",
        "populate_through_models",
        "prepare_model_to_save",
        "prepare_model_to_update",
        "pydantic",
        "reconvert_str_to_bytes",
        "remove",
        "save",
        "save_related",
        "saved",
        "schema",
        "schema_json",
        "serialize_nested_models_json_fields",
        "set_save_status",
        "signals",
        "sqlalchemy",
        "str",
        "substitute_models_with_pks",
        "translate_aliases_to_columns",
        "translate_columns_to_aliases",
        "translate_enum_columns",
        "update",
        "update_forward_refs",
        "update_from_dict",
        "upsert",
        "uuid",
        "validate",
        "validate_enums",
    ];
    TAKEN.contains(&name)
        || name.starts_with('_')
        || name.starts_with("model_")
        || name.contains("__")
}

fn nearest(column: &ColumnShape) -> Option<(ColumnType, &'static str)> {
    const SIGNED: &str =
        "ormar's integers have a sign: nothing refuses a negative number any more.";
    Some(match &column.ty {
        ColumnType::SmallIntUnsigned => (ColumnType::SmallInt, SIGNED),
        ColumnType::IntegerUnsigned => (ColumnType::Integer, SIGNED),
        ColumnType::BigIntUnsigned => (ColumnType::BigInt, SIGNED),
        ColumnType::Varchar(None) => (ColumnType::Text, "ormar's String wants a length."),
        ColumnType::Char(length) => {
            (ColumnType::Varchar(Some(*length)), "ormar has no type for text of a fixed length.")
        }
        ColumnType::Decimal(None) => {
            (ColumnType::Decimal(Some((20, 6))), "ormar wants the numbers of digits.")
        }
        ColumnType::Ip => (ColumnType::Varchar(Some(39)), "ormar has no type for addresses."),
        ColumnType::Duration => (
            ColumnType::BigInt,
            "ormar has no type for spans of time. Store microseconds, as the column does.",
        ),
        ColumnType::Unknown(_) => (ColumnType::Text, "It is not known."),
        _ => return None,
    })
}

fn reverse(ends: &Ends<'_>, _kind: RelationKind) -> ReverseNames {
    let name = table(ends.owner);
    ReverseNames { accessor: Some(name.clone()), query_name: Some(name), ..ReverseNames::default() }
}

fn through(ends: &Ends<'_>) -> GeneratedThrough {
    let (owner, target) = (ends.owner.to_lowercase(), ends.target.to_lowercase());
    // Of a model with itself: `to_` is the owner, `from_` the target (`ormar/011`).
    let (owner_column, target_column) = if owner == target {
        (format!("to_{owner}"), format!("from_{owner}"))
    } else {
        (owner.clone(), target.clone())
    };
    GeneratedThrough {
        table: format!("{owner}s_{target}s"),
        owner_column,
        target_column,
        key: Some(ColumnType::Integer),
        unique: false,
        null: true,
        on_delete: Action::Cascade,
        on_update: Action::Cascade,
        constraint: true,
    }
}

fn write(schema: &Schema) -> String {
    // Through models first: their keys are not theirs to declare.
    let implied = implied_keys(schema);
    let needs = |model: &'_ SchemaModel| -> Vec<String> {
        let keys = targets(model).into_iter().map(str::to_owned);
        let own: Vec<String> = if implied.iter().any(|(through, _)| *through == model.name) {
            Vec::new()
        } else {
            keys.collect()
        };
        throughs(model).map(str::to_owned).chain(own).collect()
    };
    let order = in_declaration_order(schema, &needs);
    let mut writer = Writer {
        schema,
        imports: Imports::default(),
        implied,
        late: Vec::new(),
        declared: HashSet::new(),
        named: HashSet::new(),
        apart: HashSet::new(),
    };
    for model in &schema.models {
        for field in &model.fields {
            let (column, index) = match &field.shape {
                Shape::Column(column) => (&column.column, column.index || column.unique),
                Shape::Key(key) => (&key.column, key.index || key.unique),
                Shape::Many(_) => continue,
            };
            let fresh = !index
                || writer.named.insert(("ormar.IndexColumns", format!("{}_{column}", model.table)));
            if !fresh {
                writer.apart.insert((model.name.clone(), field.name.clone()));
            }
        }
    }
    writer.imports.module("ormar");
    writer.imports.module("sqlalchemy");
    let mut parts: Vec<String> = Vec::new();
    let mut waiting: Vec<String> = Vec::new();
    for model in order {
        let written = writer.model(model);
        // A reference that stands above its class: only text of its name.
        if !writer.late.is_empty() {
            writer.imports.from("typing", "ForwardRef");
            let lines: Vec<String> = writer
                .late
                .drain(..)
                .map(|target| format!("{target}Ref = ForwardRef({})", quoted(&target)))
                .collect();
            parts.push(lines.join("\n"));
            waiting.push(format!("{}.update_forward_refs()", model.name));
        }
        parts.push(written);
    }
    if !waiting.is_empty() {
        parts.push(waiting.join("\n"));
    }
    parts.insert(0, CONFIG.to_owned());
    let file = file(&writer.imports.lines(), &parts);
    // The configuration belongs to the imports.
    file.replacen("\n\n\nbase_ormar_config", "\n\nbase_ormar_config", 1)
}

const CONFIG: &str = "base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection(\"sqlite+aiosqlite:///db.sqlite3\"),
    metadata=sqlalchemy.MetaData(),
)";

/// The fields of through models that ormar adds by itself.
fn implied_keys(schema: &Schema) -> HashSet<(String, String)> {
    let mut out = HashSet::new();
    for field in schema.models.iter().flat_map(|model| &model.fields) {
        if let Shape::Many(ManyShape {
            through: ThroughShape::Declared { model, owner_field, target_field },
            ..
        }) = &field.shape
        {
            out.insert((model.clone(), owner_field.clone()));
            out.insert((model.clone(), target_field.clone()));
        }
    }
    out
}

struct Writer<'a> {
    schema: &'a Schema,
    imports: Imports,
    implied: HashSet<(String, String)>,
    /// Models that the one being written names before they are there.
    late: Vec<String>,
    declared: HashSet<String>,
    /// Names that ormar gives to indexes and constraints.
    named: HashSet<(&'static str, String)>,
    /// Fields whose index would have a name that is taken, by model: theirs is declared apart.
    apart: HashSet<(String, String)>,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value) -> Option<String> {
        literal(value, &self.schema.imports, self.schema.orm, &mut self.imports).ok()
    }

    fn model(&mut self, model: &SchemaModel) -> String {
        let mut body = vec![self.config(model), String::new()];
        for field in &model.fields {
            if !self.implied.contains(&(model.name.clone(), field.name.clone())) {
                body.push(self.field(model, field));
            }
        }
        self.declared.insert(model.name.clone());
        class(&model.name, "ormar.Model", &body)
    }

    fn config(&mut self, model: &SchemaModel) -> String {
        let mut items = Vec::new();
        if model.table != table(&model.name) {
            items.push(format!("tablename={}", quoted(&model.table)));
        }
        if !model.ordering.is_empty() {
            let names: Vec<String> = model.ordering.iter().map(|name| quoted(name)).collect();
            items.push(format!("order_by=[{}]", names.join(", ")));
        }
        let columns = |fields: &[(String, bool)]| -> Vec<String> {
            fields.iter().map(|(name, _)| quoted(&column_of(model, name))).collect()
        };
        let mut constraints: Vec<String> = Vec::new();
        for (callee, groups) in
            [("ormar.UniqueColumns", &model.uniques), ("ormar.IndexColumns", &model.indexes)]
        {
            for group in groups {
                let mut parts = columns(&group.fields);
                for (keyword, value) in &group.special {
                    if let Some(value) = self.value(value) {
                        parts.push(if keyword.is_empty() {
                            value
                        } else {
                            format!("{keyword}={value}")
                        });
                    }
                }
                // ormar joins table and columns, which two groups may do alike.
                let columns: Vec<String> =
                    group.fields.iter().map(|(name, _)| column_of(model, name)).collect();
                let own = format!("{}_{}", model.table, columns.join("_"));
                let fresh = self.named.insert((callee, own.clone()));
                let other = (!fresh).then(|| format!("{own}_2"));
                let name = group.name.clone().or(other);
                parts.extend(name.map(|name| format!("name={}", quoted(&name))));
                constraints.push(format!("{callee}({})", parts.join(", ")));
            }
        }
        for field in model.fields.iter().filter(|field| self.is_apart(model, field)) {
            let column = column_of(model, &field.name);
            let name = quoted(&format!("ix_{}_{column}_2", model.table));
            constraints.push(format!("ormar.IndexColumns({}, name={name})", quoted(&column)));
        }
        constraints.extend(model.checks.iter().filter_map(|check| self.check(check)));
        if !constraints.is_empty() {
            let lines: String =
                constraints.iter().map(|constraint| format!("    {constraint},\n")).collect();
            items.push(format!("constraints=[\n{lines}]"));
        }
        for extra in &model.extra {
            if let Some(value) = self.value(&extra.value) {
                items.push(format!("{}={value}", extra.keyword));
            }
        }
        call("ormar_config = base_ormar_config.copy", &items, 1)
    }

    fn is_apart(&self, model: &SchemaModel, field: &SchemaField) -> bool {
        self.apart.contains(&(model.name.clone(), field.name.clone()))
    }

    fn check(&mut self, check: &CheckGroup) -> Option<String> {
        let condition = match (&check.written, &check.sql) {
            (Some(value), _) => self.value(value)?,
            (None, Some(sql)) => quoted(sql),
            (None, None) => return None,
        };
        let name = check.name.as_ref().map(|name| format!(", name={}", quoted(name)));
        Some(format!("ormar.CheckColumns({condition}{})", name.unwrap_or_default()))
    }

    fn field(&mut self, model: &SchemaModel, field: &SchemaField) -> String {
        let (annotation, written) = match &field.shape {
            Shape::Column(column) => self.column(model, field, column),
            Shape::Key(key) => self.key(model, field, key),
            Shape::Many(many) => self.many(model, field, many),
        };
        let written = self.extras(written, &field.extra);
        written.statement(&format!("{}: {annotation}", field.name))
    }

    fn extras(&mut self, mut written: Written, extras: &[Extra]) -> Written {
        for extra in extras {
            let value = self.value(&extra.value);
            written = written.keyword(&extra.keyword, value);
        }
        written
    }

    fn column(
        &mut self,
        model: &SchemaModel,
        field: &SchemaField,
        column: &ColumnShape,
    ) -> (String, Written) {
        let key = model.is_key(&field.name);
        let (class, annotation, module) = class_of(&column.ty);
        if let Some(module) = module {
            self.imports.module(module);
        }
        let said = |keyword: &str| field.extra.iter().any(|extra| extra.keyword == keyword);
        let mut written = Written::new(format!("ormar.{class}"));
        match &column.ty {
            ColumnType::Varchar(Some(length)) => {
                written = written.keyword("max_length", Some(length.to_string()));
            }
            ColumnType::Decimal(Some((digits, places))) => {
                written = written
                    .keyword("max_digits", Some(digits.to_string()))
                    .keyword("decimal_places", Some(places.to_string()));
            }
            // A length is demanded, and goes nowhere: the column has none.
            ColumnType::Binary if !said("max_length") => {
                written = written.keyword("max_length", Some("10_000_000"));
            }
            _ => {}
        }
        let whole =
            matches!(column.ty, ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt);
        let default = column.default.as_ref().and_then(|value| self.value(value));
        let server_default = self.server_default(column);
        // A default makes a column nullable unless it is said not to be (`ormar/027`).
        let by_default = default.is_some() || server_default.is_some();
        let null = match (key, column.null, by_default) {
            (true, ..) | (false, true, true) | (false, false, false) => None,
            (false, true, false) => Some("True"),
            (false, false, true) => Some("False"),
        };
        let written = written
            .keyword("primary_key", key.then_some("True"))
            .keyword("autoincrement", (key && whole && !column.auto).then_some("False"))
            .keyword("unique", column.unique.then_some("True"))
            .keyword("index", (column.index && !self.is_apart(model, field)).then_some("True"))
            .keyword("nullable", null)
            .keyword("default", default)
            .keyword("server_default", server_default)
            .keyword("name", (column.column != field.name).then(|| quoted(&column.column)));
        let optional = if column.null && !key { " | None" } else { "" };
        (format!("{annotation}{optional}"), written)
    }

    fn server_default(&mut self, column: &ColumnShape) -> Option<String> {
        if let Some(value) = &column.db_written {
            return self.value(value);
        }
        let sql = column.db_default.as_ref()?;
        Some(match constant(sql) {
            Some(Constant::Text(text)) => quoted(&text),
            other => {
                let sql = if other.is_some() { sql.clone() } else { bracketed(sql) };
                format!("sqlalchemy.text({})", quoted(&sql))
            }
        })
    }

    /// A model as a relation names it, and whether that stands for a class further down.
    fn reference(&mut self, target: &str) -> String {
        if self.declared.contains(target) {
            return target.to_owned();
        }
        if !self.late.iter().any(|late| late == target) {
            self.late.push(target.to_owned());
        }
        format!("{target}Ref")
    }

    fn key(
        &mut self,
        model: &SchemaModel,
        field: &SchemaField,
        key: &KeyShape,
    ) -> (String, Written) {
        let target = self.reference(&key.target);
        let late = target != key.target;
        // `|` is not for what is only a name yet.
        let annotation = match (key.null, late) {
            (true, false) => format!("{target} | None"),
            (true, true) | (false, _) => target.clone(),
        };
        let written = Written::new("ormar.ForeignKey").positional("to", target);
        let written =
            related(written, model, field, &key.target, RelationKind::ForeignKey, &key.reverse);
        let written = written
            .keyword("nullable", (!key.null).then_some("False"))
            .keyword("unique", key.unique.then_some("True"))
            .keyword("index", (key.index && !self.is_apart(model, field)).then_some("True"))
            .keyword("ondelete", action(key.on_delete))
            .keyword("onupdate", action(key.on_update))
            .keyword("name", (key.column != field.name).then(|| quoted(&key.column)));
        (annotation, written)
    }

    fn many(
        &mut self,
        model: &SchemaModel,
        field: &SchemaField,
        many: &ManyShape,
    ) -> (String, Written) {
        let target = self.reference(&many.target);
        let late = target != many.target;
        let annotation = if late { target.clone() } else { format!("list[{target}]") };
        let ends = Ends {
            owner: &model.name,
            owner_table: &model.table,
            field: &field.name,
            target: &many.target,
            target_table: "",
        };
        let own = through(&ends);
        let mut written = Written::new("ormar.ManyToMany").positional("to", target);
        let (owner, target, null) = match &many.through {
            ThroughShape::Generated(through) => {
                (through.owner_column.clone(), through.target_column.clone(), through.null)
            }
            ThroughShape::Declared { model: name, owner_field, target_field } => {
                written = written.keyword("through", Some(name.clone()));
                let through = self.schema.model(name);
                let null = |field: &str| {
                    let field = through.and_then(|through| through.field(field));
                    field.is_some_and(|field| matches!(&field.shape, Shape::Key(key) if key.null))
                };
                let written_null = [
                    ("through_relation_nullable", owner_field),
                    ("through_reverse_relation_nullable", target_field),
                ];
                for (keyword, field) in written_null {
                    written = written.keyword(keyword, (!null(field)).then_some("False"));
                }
                (owner_field.clone(), target_field.clone(), true)
            }
        };
        let written = written
            .keyword("through_relation_name", (owner != own.owner_column).then(|| quoted(&owner)))
            .keyword(
                "through_reverse_relation_name",
                (target != own.target_column).then(|| quoted(&target)),
            );
        let written = if null {
            written
        } else {
            written
                .keyword("through_relation_nullable", Some("False"))
                .keyword("through_reverse_relation_nullable", Some("False"))
        };
        (
            annotation,
            related(written, model, field, &many.target, RelationKind::ManyToMany, &many.reverse),
        )
    }
}

fn column_of(model: &SchemaModel, field: &str) -> String {
    match model.field(field).map(|field| &field.shape) {
        Some(Shape::Column(column)) => column.column.clone(),
        Some(Shape::Key(key)) => key.column.clone(),
        Some(Shape::Many(_)) | None => field.to_owned(),
    }
}

/// A side that is left out has a name all the same, which must be free.
fn related(
    written: Written,
    model: &SchemaModel,
    field: &SchemaField,
    target: &str,
    kind: RelationKind,
    names: &ReverseNames,
) -> Written {
    let ends = Ends {
        owner: &model.name,
        owner_table: &model.table,
        field: &field.name,
        target,
        target_table: "",
    };
    let own = reverse(&ends, kind);
    let name = match (&names.accessor, &names.query_name) {
        (Some(accessor), _) => Some(accessor.clone()),
        (None, Some(query)) => Some(query.clone()),
        (None, None) => Some(format!("{}_{}", model.name.to_lowercase(), field.name)),
    };
    written
        .keyword(
            "related_name",
            name.filter(|name| own.accessor.as_ref() != Some(name)).map(|name| quoted(&name)),
        )
        .keyword("skip_reverse", names.accessor.is_none().then_some("True"))
}

fn action(action: Action) -> Option<String> {
    match action {
        Action::NoAction | Action::SetValue => None,
        Action::Cascade | Action::SetNull | Action::SetDefault | Action::Restrict => {
            Some(quoted(action.sql()))
        }
        Action::Protect => Some(quoted("RESTRICT")),
    }
}

/// The field class, its annotation, and the module that the annotation needs.
fn class_of(ty: &ColumnType) -> (&'static str, &'static str, Option<&'static str>) {
    match ty {
        ColumnType::SmallInt | ColumnType::SmallIntUnsigned => ("SmallInteger", "int", None),
        ColumnType::Integer | ColumnType::IntegerUnsigned => ("Integer", "int", None),
        ColumnType::BigInt | ColumnType::BigIntUnsigned | ColumnType::Duration => {
            ("BigInteger", "int", None)
        }
        ColumnType::Varchar(Some(_)) | ColumnType::Char(_) | ColumnType::Ip => {
            ("String", "str", None)
        }
        ColumnType::Varchar(None) | ColumnType::Text | ColumnType::Unknown(_) => {
            ("Text", "str", None)
        }
        ColumnType::Boolean => ("Boolean", "bool", None),
        ColumnType::Decimal(_) => ("Decimal", "decimal.Decimal", Some("decimal")),
        ColumnType::Float => ("Float", "float", None),
        ColumnType::Date => ("Date", "datetime.date", Some("datetime")),
        ColumnType::DateTime => ("DateTime", "datetime.datetime", Some("datetime")),
        ColumnType::Time => ("Time", "datetime.time", Some("datetime")),
        ColumnType::Json => ("JSON", "pydantic.Json", Some("pydantic")),
        ColumnType::Binary => ("LargeBinary", "bytes", None),
        ColumnType::Uuid => ("UUID", "uuid.UUID", Some("uuid")),
    }
}
