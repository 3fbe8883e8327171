//! From an analysis to the schema. What no ORM but the project's own has is kept as [`Extra`]; what belongs to no model is said to be left behind.

use std::collections::HashMap;

use super::schema::*;
use super::unsaid::Unsaid;
use crate::analysis::Analysis;
use crate::document::{Field, FieldKind, MemberKind, RelationKind, Value};
use crate::orm::Orm;
use crate::resolve::{Forward, ResolvedField, ResolvedModel};
use crate::tables::{Column, ForeignKey, Table};

/// The schema of a project, and what of the project is not part of it.
///
/// Never fails. Models in error give what could be read of them.
pub fn build(orm: &dyn Orm, analysis: &Analysis) -> (Schema, Vec<Unsaid>) {
    let mut unsaid = Vec::new();
    let builder = Builder { orm, analysis };
    let own = analysis.resolved.models.iter().filter(|model| model.declared.is_some());
    let models = own.filter_map(|model| builder.model(model, &mut unsaid)).collect();
    let imports = analysis.document.imports.iter();
    let schema = Schema {
        orm: orm.profile().id,
        imports: imports.map(|import| (import.name.clone(), import.path.clone())).collect(),
        models,
    };
    (schema, unsaid)
}

struct Builder<'a> {
    orm: &'a dyn Orm,
    analysis: &'a Analysis,
}

impl Builder<'_> {
    fn model(&self, model: &ResolvedModel, unsaid: &mut Vec<Unsaid>) -> Option<SchemaModel> {
        let mut say = |field: Option<&str>, what: String, why: &str| {
            unsaid.push(Unsaid {
                model: Some(model.name.clone()),
                field: field.map(str::to_owned),
                what,
                why: why.to_owned(),
            });
        };
        if model.proxy {
            let why = "A proxy has no table of its own: it is another view of its parent. Relations to it are written to the parent.";
            say(None, "The proxy".into(), why);
            return None;
        }
        let declared = model.declared.and_then(|at| self.analysis.document.models.get(at))?;
        let members: Vec<&str> = declared
            .members
            .iter()
            .filter(|member| match member.kind {
                MemberKind::Method | MemberKind::Manager | MemberKind::Attribute => true,
            })
            .map(|member| member.name.text.as_str())
            .collect();
        if !members.is_empty() {
            let what = format!("Methods, managers and other attributes: {}", members.join(", "));
            say(None, what, "They are code, not a part of the schema: copy them over by hand.");
        }
        for field in declared.fields.iter().filter(|field| field.kind == FieldKind::Virtual) {
            if field.primary_key {
                continue;
            }
            let what = format!("`{}`", field.class.text);
            say(Some(&field.name.text), what, "It has no column of its own, and is left out.");
        }
        let table = self.analysis.tables.table(model.table.trim_matches('"'));
        let mut columns: HashMap<&str, &Column> = HashMap::new();
        let mut keys: HashMap<&str, &ForeignKey> = HashMap::new();
        if let Some(table) = table {
            columns.extend(table.columns.iter().map(|column| (column.name.as_str(), column)));
            keys.extend(table.foreign_keys.iter().map(|key| (key.column.as_str(), key)));
        }
        let mut fields = Vec::with_capacity(model.fields.len());
        for field in &model.fields {
            let declared = field.origin.and_then(|origin| origin.field(&self.analysis.document));
            let forward = model.forward.iter().find(|forward| forward.field == field.name);
            let column = columns.get(field.column.as_str()).copied();
            let shape = match forward {
                Some(forward) => {
                    let indexed = table.is_some_and(|table| indexes(table, &field.column));
                    let key = keys.get(field.column.as_str()).copied();
                    let key = self.key(field, forward, declared, key, indexed);
                    Shape::Key(KeyShape { null: null(field, column), ..key })
                }
                None => Shape::Column(column_shape(field, declared, column)),
            };
            let mut extra = declared.map(|declared| self.extra(declared)).unwrap_or_default();
            let comment = column.and_then(|column| column.comment.as_ref());
            self.comment(comment, |[field, _]| field, &mut extra);
            fields.push(SchemaField { name: field.name.clone(), shape, extra });
        }
        let lent: Vec<&str> = fields
            .iter()
            .zip(&model.fields)
            .filter(|(field, resolved)| match &field.shape {
                Shape::Column(column) => resolved.origin.is_none() && !column.implicit,
                Shape::Key(_) | Shape::Many(_) => false,
            })
            .map(|(field, _)| field.name.as_str())
            .collect();
        if !lent.is_empty() {
            let why = "The class that lends these fields belongs to a library. They are written as the model's own; what else it does is left out.";
            say(None, format!("The base class of {}", lent.join(", ")), why);
        }
        for forward in &model.forward {
            if forward.kind != RelationKind::ManyToMany {
                continue;
            }
            let declared = forward.origin.and_then(|origin| origin.field(&self.analysis.document));
            match self.many(forward) {
                Some(shape) => fields.push(SchemaField {
                    name: forward.field.clone(),
                    shape: Shape::Many(shape),
                    extra: declared.map(|declared| self.extra(declared)).unwrap_or_default(),
                }),
                None => say(
                    Some(&forward.field),
                    "The many-to-many".into(),
                    "What stands between its two sides is not known, so it is left out.",
                ),
            }
        }
        let groups = Groups::of(model, table, &fields);
        let mut extra = options(model);
        let comment = table.and_then(|table| table.comment.as_ref());
        self.comment(comment, |[_, table]| table, &mut extra);
        Some(SchemaModel {
            name: model.name.clone(),
            table: model.table.trim_matches('"').to_owned(),
            primary_key: primary_key(model),
            uniques: groups.reconcile(uniques(model), Kind::Unique),
            indexes: groups.reconcile(model_indexes(model), Kind::Index),
            checks: checks(model, table),
            ordering: model.meta.ordering.iter().map(|name| name.text.clone()).collect(),
            extra,
            fields,
        })
    }

    /// A comment in the database that no argument declares.
    fn comment(
        &self,
        comment: Option<&String>,
        of: fn([&'static str; 2]) -> &'static str,
        extra: &mut Vec<Extra>,
    ) {
        let arguments = self.orm.source_writer().and_then(|writer| writer.comment_arguments);
        let (Some(comment), Some(keyword)) = (comment, arguments.map(of)) else { return };
        if !extra.iter().any(|extra| extra.keyword == keyword) {
            extra.push(Extra { keyword: keyword.to_owned(), value: Value::Str(comment.clone()) });
        }
    }

    /// The model that a relation means: of a proxy what it stands for.
    fn target(&self, name: &str) -> String {
        let mut name = name;
        while let Some(model) = self.analysis.resolved.model(name)
            && model.proxy
            && let Some(parent) = model.parents.first()
        {
            name = &parent.model;
        }
        name.to_owned()
    }

    /// The field of this name, or the relation whose column has this attribute (`tortoise/263`).
    fn field_called(&self, model: &str, name: &str) -> Option<String> {
        let model = self.analysis.resolved.model(&self.target(model))?;
        let backing = || model.fields.iter().find(|field| field.attname == name);
        model.field(name).or_else(backing).map(|field| field.name.clone())
    }

    fn key(
        &self,
        field: &ResolvedField,
        forward: &Forward,
        declared: Option<&Field>,
        key: Option<&ForeignKey>,
        index: bool,
    ) -> KeyShape {
        let target = self.target(&forward.target);
        let said = key.map(|key| key.model_on_delete.as_deref().unwrap_or(&key.on_delete));
        let on_delete =
            forward.on_delete.as_deref().or(said).map_or(Action::NoAction, Action::parse);
        let primary = self.analysis.resolved.model(&target).and_then(|target| {
            let mut keys = target.primary_key();
            keys.next().map(|key| key.name.clone())
        });
        KeyShape {
            column: field.column.clone(),
            target,
            ty: field.ty.clone(),
            to_field: forward
                .to_field
                .clone()
                .and_then(|to| self.field_called(&forward.target, &to))
                .filter(|to| primary.as_ref() != Some(to)),
            one_to_one: forward.kind == RelationKind::OneToOne,
            null: field.null,
            unique: field.unique && !field.primary_key,
            index: if field.unique { index_asked(declared) } else { index },
            on_delete,
            on_update: key.map_or(Action::NoAction, |key| Action::parse(&key.on_update)),
            constraint: key.is_some(),
            default: declared.and_then(|declared| declared.default.clone()),
            reverse: reverse(forward, declared),
            parent_link: forward.parent_link,
        }
    }

    fn many(&self, forward: &Forward) -> Option<ManyShape> {
        let through = forward.through.as_ref()?;
        let declared = forward.origin.and_then(|origin| origin.field(&self.analysis.document));
        let model = self.analysis.resolved.model(&through.model);
        let declared_model = model.filter(|model| model.declared.is_some() && !model.proxy);
        let shape = match declared_model {
            Some(model) => ThroughShape::Declared {
                model: model.name.clone(),
                owner_field: through.owner_field.clone()?,
                target_field: through.target_field.clone()?,
            },
            None => ThroughShape::Generated(self.generated(
                through.table.trim_matches('"'),
                through.owner_field.as_deref()?,
                through.target_field.as_deref()?,
            )?),
        };
        Some(ManyShape {
            target: self.target(&forward.target),
            through: shape,
            symmetrical: forward.symmetrical,
            reverse: reverse(forward, declared),
        })
    }

    fn generated(&self, table: &str, owner: &str, target: &str) -> Option<GeneratedThrough> {
        let table = self.analysis.tables.table(table)?;
        // By the field that stands for it, or by the column itself where the ORM has no class for the table.
        let column = |wanted: &str| {
            let by_field = table.columns.iter().find(|column| column.field == wanted);
            by_field.or_else(|| table.columns.iter().find(|column| column.name == wanted))
        };
        let (owner, target) = (column(owner)?, column(target)?);
        let action = |action: &dyn Fn(&ForeignKey) -> String| {
            let key = table.foreign_keys.iter().find(|key| key.column == owner.name);
            key.map_or(Action::NoAction, |key| Action::parse(&action(key)))
        };
        let pair = |columns: &mut dyn Iterator<Item = &str>| {
            let columns: Vec<&str> = columns.collect();
            columns.len() == 2
                && columns.contains(&owner.name.as_str())
                && columns.contains(&target.name.as_str())
        };
        let grouped =
            table.uniques.iter().any(|unique| pair(&mut unique.columns.iter().map(String::as_str)));
        let indexed = table.indexes.iter().any(|index| {
            index.unique
                && !index.partial
                && pair(&mut index.columns.iter().map(|(name, _)| name.as_str()))
        });
        let key = table
            .columns
            .iter()
            .find(|column| table.primary_key.as_slice() == std::slice::from_ref(&column.name));
        Some(GeneratedThrough {
            table: table.name.clone(),
            owner_column: owner.name.clone(),
            target_column: target.name.clone(),
            key: key.map(|key| key.ty.clone()),
            unique: grouped || indexed || table.primary_key.len() == 2,
            null: owner.null || target.null,
            on_delete: action(&|key| {
                key.model_on_delete.clone().unwrap_or_else(|| key.on_delete.clone())
            }),
            on_update: action(&|key| key.on_update.clone()),
            constraint: table.foreign_keys.iter().any(|key| key.column == owner.name),
        })
    }

    /// Arguments that are no part of the schema, by keyword.
    fn extra(&self, field: &Field) -> Vec<Extra> {
        let positional = self.orm.positional(field.base.unwrap_or(&field.class.text));
        let named = field.args.iter().enumerate().filter_map(|(at, arg)| {
            let keyword = match &arg.keyword {
                Some(keyword) => keyword.as_str(),
                None => positional.get(at).copied()?,
            };
            Some(Extra { keyword: keyword.to_owned(), value: arg.value.clone() })
        });
        // A value that is computed on deletion is more than an action.
        let computed = field
            .relation()
            .and_then(|spec| spec.on_delete.as_ref())
            .is_some_and(|name| Action::parse(&name.text) == Action::SetValue);
        let own = |extra: &Extra| {
            !KNOWN_ARGUMENTS.contains(&extra.keyword.as_str())
                || (computed && extra.keyword == "on_delete")
        };
        named.filter(own).collect()
    }
}

/// Arguments that the schema has a place for, in every ORM's spelling.
const KNOWN_ARGUMENTS: &[&str] = &[
    "null",
    "nullable",
    "sql_nullable",
    "unique",
    "primary_key",
    "pk",
    "generated",
    "autoincrement",
    "db_index",
    "index",
    "db_column",
    "source_field",
    "column_name",
    "name",
    "default",
    "db_default",
    "server_default",
    "constraints",
    "max_length",
    "max_digits",
    "decimal_places",
    "precision",
    "scale",
    "choices",
    "enum_type",
    "enum_class",
    "auto_now",
    "auto_now_add",
    "to",
    "model",
    "model_name",
    "rel_model_name",
    "related_name",
    "related_query_name",
    "backref",
    "skip_reverse",
    "on_delete",
    "ondelete",
    "on_update",
    "onupdate",
    "to_field",
    "field",
    "db_constraint",
    "parent_link",
    "symmetrical",
    "through",
    "through_model",
    "through_fields",
    "through_relation_name",
    "through_reverse_relation_name",
    "through_relation_nullable",
    "through_reverse_relation_nullable",
    "forward_key",
    "backward_key",
    "create_unique_index",
    "db_table",
];

/// Options of a model that the schema has a place for, in every ORM's spelling.
const KNOWN_OPTIONS: &[&str] = &[
    "db_table",
    "table",
    "tablename",
    "table_name",
    "abstract",
    "proxy",
    "app_label",
    "default_related_name",
    "unique_together",
    "indexes",
    "constraints",
    "ordering",
    "order_by",
    "primary_key",
    "database",
    "metadata",
    "engine",
    "legacy_table_names",
];

fn options(model: &ResolvedModel) -> Vec<Extra> {
    // What a reader notes for its own ORM's sake is nothing that anybody wrote.
    let noted = |value: &Value| matches!(value, Value::Name(text) if text.starts_with('@'));
    let options = model.meta.options.iter();
    let other = options
        .filter(|(name, value)| !KNOWN_OPTIONS.contains(&name.text.as_str()) && !noted(value));
    other.map(|(name, value)| Extra { keyword: name.text.clone(), value: value.clone() }).collect()
}

/// Whether an index of its own stands on a column.
fn indexes(table: &Table, column: &str) -> bool {
    table.indexes.iter().any(|index| {
        !index.unique
            && !index.partial
            && index.expressions.is_empty()
            && matches!(index.columns.as_slice(), [(only, false)] if only == column)
    })
}

fn index_asked(declared: Option<&Field>) -> bool {
    declared.is_some_and(|declared| declared.index == Some(true))
}

fn reverse(forward: &Forward, declared: Option<&Field>) -> ReverseNames {
    let spec = declared.and_then(Field::relation);
    let hidden = forward.hidden || forward.accessor.is_none();
    ReverseNames {
        accessor: forward.accessor.clone().filter(|_| !forward.hidden),
        query_name: (!hidden).then(|| forward.query_name.clone()),
        declared: forward.related_name.is_some(),
        query_declared: !hidden && spec.is_some_and(|spec| spec.related_query_name.is_some()),
    }
}

fn column_shape(
    field: &ResolvedField,
    declared: Option<&Field>,
    column: Option<&Column>,
) -> ColumnShape {
    let spec = declared.and_then(|declared| match &declared.kind {
        FieldKind::Column(spec) => Some(spec),
        FieldKind::Relation(_) | FieldKind::Virtual => None,
    });
    let is_true = |name: &str| {
        declared
            .and_then(|declared| declared.arg(name))
            .is_some_and(|arg| arg.value == Value::Bool(true))
    };
    let moment = if is_true("auto_now") {
        Some(Moment::Save)
    } else if is_true("auto_now_add") {
        Some(Moment::Creation)
    } else {
        None
    };
    // To say None is to say nothing.
    let no_default = |value: &Value| *value == Value::None;
    ColumnShape {
        column: field.column.clone(),
        ty: field.ty.clone(),
        auto: field.auto,
        implicit: declared.is_none() && (field.auto || field.name.starts_with('_')),
        null: null(field, column),
        unique: field.unique && !field.primary_key,
        index: index_asked(declared),
        default: declared
            .and_then(|declared| declared.default.clone())
            .filter(|value| !no_default(value)),
        db_default: column
            .and_then(|column| column.default.clone().or_else(|| column.native_default.clone())),
        db_written: declared.and_then(|declared| declared.db_default.clone()),
        moment,
        choices: spec.map(|spec| spec.choices.clone()).unwrap_or_default(),
        class: declared.and_then(|declared| declared.base),
    }
}

/// What the table says counts: a default or the other side of a relation may decide it.
fn null(field: &ResolvedField, column: Option<&Column>) -> bool {
    column.filter(|_| !field.primary_key).map_or(field.null, |column| column.null)
}

fn primary_key(model: &ResolvedModel) -> Vec<String> {
    match &model.meta.primary_key {
        Some(names) => {
            let field = |name: &str| {
                model.fields.iter().find(|field| field.name == name || field.attname == name)
            };
            names.iter().filter_map(|name| Some(field(&name.text)?.name.clone())).collect()
        }
        None => model.primary_key().map(|field| field.name.clone()).collect(),
    }
}

/// A field by any of its names: options may name a key by its attribute of the raw value or by its column.
fn field_name(model: &ResolvedModel, name: &str) -> String {
    let by_name = model.field(name);
    let other = || model.fields.iter().find(|field| field.attname == name || field.column == name);
    by_name.or_else(other).map_or_else(|| name.to_owned(), |field| field.name.clone())
}

fn uniques(model: &ResolvedModel) -> Vec<Group> {
    let named = |name: &String| (field_name(model, name), false);
    let declared = model.meta.uniques.iter().map(|unique| Group {
        name: unique.name.clone(),
        fields: unique.fields.iter().map(named).collect(),
        position: unique.span.start as usize,
        constraint: unique.constraint,
        special: special(unique.condition.as_ref(), &unique.expressions, &unique.extra),
    });
    let indexes = model.meta.indexes.iter().filter(|index| index.unique).map(|index| Group {
        name: index.name.clone(),
        fields: index.fields.iter().map(|(name, down)| (field_name(model, name), *down)).collect(),
        position: index.span.start as usize,
        constraint: false,
        special: special(index.condition.as_ref(), &index.expressions, &[]),
    });
    declared.chain(indexes).collect()
}

fn model_indexes(model: &ResolvedModel) -> Vec<Group> {
    let plain = model.meta.indexes.iter().filter(|index| !index.unique);
    let group = plain.map(|index| Group {
        name: index.name.clone(),
        fields: index.fields.iter().map(|(name, down)| (field_name(model, name), *down)).collect(),
        position: index.span.start as usize,
        constraint: false,
        special: special(index.condition.as_ref(), &index.expressions, &[]),
    });
    group.collect()
}

/// Which groups a table has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unique,
    Index,
}

/// Columns of an index, each with whether it is descending.
type Columns = Vec<(String, bool)>;

/// The groups of a table, as field names: what is declared for a model is not always what is made of it.
struct Groups {
    found: Option<Vec<(Kind, Columns)>>,
}

impl Groups {
    fn of(model: &ResolvedModel, table: Option<&Table>, fields: &[SchemaField]) -> Self {
        let Some(table) = table else { return Self { found: None } };
        let named = |column: &str| field_name(model, column);
        let uniques = table.uniques.iter().map(|unique| {
            (Kind::Unique, unique.columns.iter().map(|column| (named(column), false)).collect())
        });
        let plain =
            table.indexes.iter().filter(|index| !index.partial && index.expressions.is_empty());
        let indexes = plain.map(|index| {
            let kind = if index.unique { Kind::Unique } else { Kind::Index };
            (kind, index.columns.iter().map(|(column, down)| (named(column), *down)).collect())
        });
        let mut found: Vec<(Kind, Columns)> = Vec::new();
        for (kind, group) in uniques.chain(indexes) {
            if !found.contains(&(kind, Columns::clone(&group))) {
                found.push((kind, group));
            }
        }
        // What a field says by itself.
        found.retain(|(kind, group)| {
            let [(only, false)] = group.as_slice() else { return true };
            let field = fields.iter().find(|field| field.name == *only);
            let said = |unique: bool, index: bool| match kind {
                Kind::Unique => unique,
                Kind::Index => index,
            };
            !field.is_some_and(|field| match &field.shape {
                Shape::Column(column) => said(column.unique, column.index),
                Shape::Key(key) => said(key.unique || key.one_to_one, key.index),
                Shape::Many(_) => false,
            })
        });
        Self { found: Some(found) }
    }

    /// The declared groups that are made, and those that are made besides.
    fn reconcile(&self, mut declared: Vec<Group>, kind: Kind) -> Vec<Group> {
        let Some(found) = &self.found else { return declared };
        let made: Vec<&Columns> =
            found.iter().filter(|(other, _)| *other == kind).map(|(_, group)| group).collect();
        declared.retain(|group| {
            !group.special.is_empty() || group.fields.len() == 1 || made.contains(&&group.fields)
        });
        // Expressions and options may be what the others come from.
        let special = declared.iter().any(|group| !group.special.is_empty());
        for group in made.into_iter().filter(|_| !special) {
            if !declared.iter().any(|known| known.fields == *group) {
                declared.push(Group { fields: group.clone(), ..Group::default() });
            }
        }
        declared
    }
}

fn special(
    condition: Option<&Value>,
    expressions: &[Value],
    extra: &[(String, Value)],
) -> Vec<(String, Value)> {
    let condition = condition.map(|value| ("condition".to_owned(), value.clone()));
    let expressions = expressions.iter().map(|value| (String::new(), value.clone()));
    expressions.chain(condition).chain(extra.iter().cloned()).collect()
}

/// The model's checks, with the SQL that they were lowered to.
fn checks(model: &ResolvedModel, table: Option<&Table>) -> Vec<CheckGroup> {
    let lowered: Vec<&crate::tables::Check> =
        table.iter().flat_map(|table| &table.checks).collect();
    let declared = &model.meta.checks;
    let sql = |at: usize, name: &Option<String>| {
        let named = lowered.iter().find(|check| name.is_some() && check.name == *name);
        let check = named.or_else(|| {
            let same_count = lowered.len() == declared.len();
            lowered.get(at).filter(|_| same_count)
        });
        check.and_then(|check| check.condition.clone())
    };
    let group = declared.iter().enumerate().map(|(at, check)| CheckGroup {
        name: check.name.clone(),
        position: check.span.start as usize,
        sql: sql(at, &check.name),
        written: Some(check.condition.clone()),
    });
    let mut out: Vec<CheckGroup> = group.collect();
    // Checks that fields declare are in the table alone.
    if declared.is_empty() {
        out.extend(lowered.iter().map(|check| CheckGroup {
            name: check.name.clone(),
            position: check.position,
            sql: check.condition.clone(),
            written: None,
        }));
    }
    out
}
