//! Models that a script declares: their fields, what they inherit, and the deferred keys that they complete.

use std::any::Any;
use std::rc::Rc;

use throughline_core::Span;
use throughline_core::document::{
    self, Argument, ColumnSpec, ColumnType, FieldKind, Name, RelationKind, Value as Constant,
};
use throughline_order::{Arrange as _, Gather as _};

use super::session::Session;
use crate::Machine;
use crate::database::Sent;
use crate::eval::{raise, refuse};
use crate::value::{Args, Class, Hooks, Names, Object, Outcome, Value};
use crate::world::{Field, Link, Model, Relation, Reverse};

/// Field classes, with the first parameter of their own and the type of their column.
const FIELDS: &[(&str, Option<&str>, ColumnType)] = &[
    ("AutoField", None, ColumnType::Integer),
    ("BigAutoField", None, ColumnType::BigInt),
    ("IntegerField", None, ColumnType::Integer),
    ("BigIntegerField", None, ColumnType::BigInt),
    ("SmallIntegerField", None, ColumnType::SmallInt),
    ("BooleanField", None, ColumnType::Boolean),
    ("FloatField", None, ColumnType::Float),
    ("DoubleField", None, ColumnType::Float),
    ("DecimalField", Some("max_digits"), ColumnType::Decimal(Some((10, 5)))),
    ("CharField", Some("max_length"), ColumnType::Varchar(Some(255))),
    ("FixedCharField", Some("max_length"), ColumnType::Varchar(Some(255))),
    ("TextField", None, ColumnType::Text),
    ("DateField", Some("formats"), ColumnType::Date),
    ("DateTimeField", Some("formats"), ColumnType::DateTime),
    ("TimeField", Some("formats"), ColumnType::Time),
    ("BlobField", None, ColumnType::Binary),
    ("UUIDField", None, ColumnType::Uuid),
    (KEY, Some("model"), ColumnType::Integer),
    (DEFERRED, Some("rel_model_name"), ColumnType::Unknown(String::new())),
];

const KEY: &str = "ForeignKeyField";
const DEFERRED: &str = "DeferredForeignKey";

/// What a script cannot declare models with.
const REFUSED: &[&str] = &[
    "ManyToManyField",
    "DeferredThroughModel",
    "BitField",
    "BigBitField",
    "TimestampField",
    "IPField",
    "BareField",
    "BinaryUUIDField",
    "CompositeKey",
];

/// What may be said of a field; other arguments are refused.
const OPTIONS: &[&str] = &[
    "null",
    "unique",
    "index",
    "default",
    "primary_key",
    "column_name",
    "db_column",
    "help_text",
    "verbose_name",
    "max_length",
    "max_digits",
    "decimal_places",
    "backref",
    "on_delete",
    "on_update",
    "object_id_name",
    "lazy_load",
    "choices",
    "field",
];

/// A field that is not part of a model yet: `CharField(null=True)`.
struct Declared {
    class: &'static str,
    ty: ColumnType,
    args: Args,
}

impl Object for Declared {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new(self.class, "peewee", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

impl Declared {
    fn get(&self, name: &str) -> Option<&Value> {
        let (_, value) = self.args.keywords.iter().find(|(keyword, _)| &**keyword == name)?;
        Some(value)
    }

    fn text(&self, name: &str) -> Option<Rc<str>> {
        match self.get(name) {
            Some(Value::Str(text)) => Some(text.clone()),
            _ => None,
        }
    }

    fn says(&self, machine: &mut Machine, name: &str) -> Outcome<bool> {
        self.get(name).cloned().map_or(Ok(false), |value| machine.truth(&value))
    }
}

/// `Model`
struct Root(Rc<Session>);

impl Hooks for Root {
    fn derive(
        &self,
        machine: &mut Machine,
        name: &str,
        bases: &[Rc<Class>],
        names: Names,
    ) -> Outcome<Option<Rc<Class>>> {
        declare(machine, &self.0, name, bases, names).map(Some)
    }
}

/// What a script can declare models with.
pub(super) fn names(session: &Rc<Session>) -> Vec<(&'static str, Value)> {
    let field = |(class, first, ty): &(&'static str, Option<&'static str>, ColumnType)| {
        let (class, first, ty) = (*class, *first, ty.clone());
        let made = Value::native(class, move |_, mut args| {
            if !args.positional.is_empty()
                && let Some(first) = first
            {
                args.keywords.push((first.into(), args.positional.remove(0)));
            }
            let ty = ty.clone();
            Ok(Value::Object(Rc::new(Declared { class, ty, args })))
        });
        (class, made)
    };
    let mut out: Vec<(&str, Value)> = FIELDS.iter().map(field).gather();
    out.extend(REFUSED.iter().map(|name| {
        let refused = Value::native(name, move |_, _| {
            Err(refuse(format!("`{name}` is only read in the models file.")))
        });
        (*name, refused)
    }));
    let mut root = Class::new("Model", "peewee", &[]);
    root.hooks = Some(Rc::new(Root(session.clone())));
    out.push(("Model", Value::Class(Rc::new(root))));
    out
}

/// `class Concert(BaseModel): …`
pub(super) fn declare(
    machine: &mut Machine,
    session: &Rc<Session>,
    name: &str,
    bases: &[Rc<Class>],
    names: Names,
) -> Outcome<Rc<Class>> {
    let at = session.next_model();
    let mut model = Model {
        at,
        name: name.into(),
        app: "".into(),
        table: name.to_lowercase().into(),
        declared: None,
        bound: true,
        configured: true,
        proxy: false,
        fields: Vec::new(),
        relations: Vec::new(),
        reverse: Vec::new(),
        parents: Vec::new(),
        ordering: Vec::new(),
        options: Vec::new(),
        get_latest_by: Vec::new(),
        uniques: Vec::new(),
        indexes: Vec::new(),
    };
    let parents: Vec<Rc<Model>> =
        bases.iter().filter_map(|base| session.model(session.model_of(base)?)).gather();
    for parent in &parents {
        inherit(&mut model, parent, &names);
    }
    // An abstract-looking parent is a class of the models file, which has a database; `Model` itself has none.
    let mut unbound = match parents.as_slice() {
        [] => bases.iter().any(|base| &*base.name == "Model" && &*base.module == "peewee"),
        parents => parents.iter().all(|parent| session.unbound.borrow().contains(&parent.at)),
    };
    let mut plain = Names::default();
    let mut reverse = Vec::new();
    for (key, value) in names {
        match &value {
            Value::Object(object) if object.any().is::<Declared>() => {
                if let Some(declared) = object.any().downcast_ref::<Declared>() {
                    let back = add(machine, session, &mut model, &key, declared)?;
                    reverse.extend(back);
                }
            }
            Value::Class(meta) if &*key == "Meta" => {
                for (option, value) in meta.names.borrow().iter() {
                    match (&**option, value) {
                        ("table_name" | "db_table", Value::Str(table)) => {
                            model.table = table.clone()
                        }
                        ("database", value) => unbound = value.is_none(),
                        (option, _) => {
                            return Err(refuse(format!(
                                "`Meta.{option}` of a model is only read in the models file."
                            )));
                        }
                    }
                }
            }
            _ => {
                plain.insert(key, value);
            }
        }
    }
    key_first(machine, session, &mut model, &parents)?;
    let mut class = Class::new(name, "__main__", bases);
    class.hooks =
        Some(Rc::new(super::instance::ModelHooks { session: session.clone(), model: at }));
    *class.names.borrow_mut() = plain;
    let class = Rc::new(class);
    session.world.set_class(at, class.clone());
    if unbound {
        session.unbound.borrow_mut().insert(at);
    }
    session.declare(model);
    for (target, back) in reverse {
        session.change(target, |model| model.reverse.push(back));
    }
    complete(machine, session, name, at)?;
    Ok(class)
}

/// Fields of a parent, its key left out. A back-reference is not inherited.
fn inherit(model: &mut Model, parent: &Model, names: &Names) {
    let own = |name: &str| names.contains_key(name);
    for field in parent.fields.iter().filter(|field| !field.primary_key && !own(&field.name)) {
        model.fields.push(field.clone());
        if let Some(relation) = parent.relation(&field.name) {
            model.relations.push(relation.clone());
        }
    }
}

/// The key: one that is declared, or that of a parent, or a number.
fn key_first(
    machine: &mut Machine,
    session: &Rc<Session>,
    model: &mut Model,
    parents: &[Rc<Model>],
) -> Outcome<()> {
    if model.fields.iter().all(|field| !field.primary_key) {
        match parents.iter().find_map(|parent| parent.key()) {
            Some(key) => model.fields.insert(0, key.clone()),
            None => {
                let id = Declared {
                    class: "AutoField",
                    ty: ColumnType::Integer,
                    args: Args {
                        positional: Vec::new(),
                        keywords: vec![("primary_key".into(), Value::Bool(true))],
                    },
                };
                add(machine, session, model, "id", &id)?;
            }
        }
    }
    // Stable: others stay in the order of their declaration.
    let (mut fields, others): (Vec<Field>, Vec<Field>) =
        std::mem::take(&mut model.fields).into_iter().partition(|field| field.primary_key);
    fields.extend(others);
    model.fields = fields;
    Ok(())
}

/// A back-reference, and the model that has it.
type Back = Option<(usize, Reverse)>;

/// Adds a field to a model.
fn add(
    machine: &mut Machine,
    session: &Rc<Session>,
    model: &mut Model,
    name: &str,
    declared: &Declared,
) -> Outcome<Back> {
    let known = |option: &str| {
        OPTIONS.contains(&option)
            || matches!(option, "model" | "rel_model" | "rel_model_name" | "formats")
    };
    if let Some((option, _)) = declared.args.keywords.iter().find(|(option, _)| !known(option)) {
        return Err(refuse(format!("`{option}=` of a field is only read in the models file.")));
    }
    if !declared.args.positional.is_empty() {
        return Err(refuse(
            "Arguments of a field need their names here: `CharField(max_length=20)`.",
        ));
    }
    let column = declared.text("column_name").or_else(|| declared.text("db_column"));
    let auto = matches!(declared.class, "AutoField" | "BigAutoField");
    let mut field = Field {
        name: name.into(),
        attname: name.into(),
        column: column.clone().unwrap_or_else(|| name.into()),
        ty: declared.ty.clone(),
        null: declared.says(machine, "null")?,
        unique: declared.says(machine, "unique")?,
        primary_key: auto || declared.says(machine, "primary_key")?,
        auto,
        relation: declared.class == KEY,
        declared: None,
    };
    match (&declared.ty, declared.get("max_length"), declared.get("max_digits")) {
        (ColumnType::Varchar(_), Some(Value::Int(length)), _) => {
            field.ty = ColumnType::Varchar(u32::try_from(*length).ok());
        }
        (ColumnType::Decimal(_), _, digits) => {
            let number = |value: Option<&Value>, otherwise| {
                value
                    .and_then(Value::as_int)
                    .and_then(|value| u32::try_from(value).ok())
                    .unwrap_or(otherwise)
            };
            let places = number(declared.get("decimal_places"), 5);
            field.ty = ColumnType::Decimal(Some((number(digits, 10), places)));
        }
        _ => {}
    }
    let mut back = None;
    if declared.class == KEY {
        let target = declared.get("model").or_else(|| declared.get("rel_model"));
        let target = match target {
            Some(Value::Str(text)) if &**text == "self" => None,
            Some(Value::Class(class)) => session.model_of(class).and_then(|at| session.model(at)),
            _ => return Err(refuse("A foreign key needs the class of a model.")),
        };
        let named = target.as_deref().unwrap_or(model);
        let (relation, reverse) = link(model, named, &mut field, declared, column.as_deref());
        back = Some((target.map_or(model.at, |target| target.at), reverse));
        model.relations.push(relation);
    }
    field.declared = Some(written(machine, &model.name, name, declared));
    model.fields.push(field);
    Ok(back)
}

/// Makes a foreign key of a field; the relation, and its other side.
fn link(
    model: &Model,
    target: &Model,
    field: &mut Field,
    declared: &Declared,
    column: Option<&str>,
) -> (Relation, Reverse) {
    let name = field.name.clone();
    let ends = name.ends_with("_id");
    let plain: Rc<str> = if ends { name.clone() } else { format!("{name}_id").into() };
    field.column = column.map_or_else(|| plain.clone(), Into::into);
    field.attname = declared.text("object_id_name").unwrap_or_else(|| {
        if *field.column == *name { format!("{name}_id").into() } else { field.column.clone() }
    });
    let to = match declared.get("field") {
        Some(Value::Str(to)) => target.field(to),
        _ => None,
    };
    let to = to.or_else(|| target.key());
    field.ty = to.map_or(ColumnType::Integer, |to| to.ty.clone());
    field.relation = true;
    let kind = if field.unique { RelationKind::OneToOne } else { RelationKind::ForeignKey };
    let backref = declared
        .text("backref")
        .unwrap_or_else(|| format!("{}_set", model.name.to_lowercase()).into());
    let accessor = Some(backref).filter(|name| !name.is_empty() && !matches!(&**name, "+" | "!"));
    let relation = Relation {
        name: name.clone(),
        kind,
        target: target.name.clone(),
        key: Some(Link {
            attname: field.attname.clone(),
            column: field.column.clone(),
            to_field: to.map_or_else(|| "id".into(), |to| to.name.clone()),
        }),
        on_delete: declared.text("on_delete"),
        null: field.null,
        through: None,
        symmetrical: false,
        accessor: accessor.clone(),
        query_name: accessor.clone().unwrap_or_default(),
        hidden: accessor.is_none(),
        parent_link: false,
        declared: None,
    };
    let reverse = Reverse {
        hidden: accessor.is_none(),
        query_name: accessor.clone().unwrap_or_default(),
        accessor,
        kind,
        source: model.name.clone(),
        source_field: name,
        parent_link: false,
    };
    (relation, reverse)
}

/// The declaration, as the core writes those of the models file.
fn written(machine: &mut Machine, model: &str, name: &str, declared: &Declared) -> document::Field {
    let at = |text: &str| Name { text: text.to_owned(), span: Span::default() };
    let default = declared.get("default").map(|value| constant(machine, model, name, value));
    let args = declared.args.keywords.iter().filter_map(|(keyword, value)| {
        let value = plain(value)?;
        let span = Span::default();
        Some(Argument { keyword: Some(keyword.to_string()), value, span, value_span: span })
    });
    document::Field {
        name: at(name),
        class: at(declared.class),
        base: Some(declared.class),
        span: Span::default(),
        args: args.gather(),
        null: false,
        unique: false,
        primary_key: false,
        index: None,
        column: None,
        default,
        db_default: None,
        comment: None,
        kind: FieldKind::Column(ColumnSpec {
            ty: declared.ty.clone(),
            auto: false,
            choices: Vec::new(),
            generated: None,
            native: None,
        }),
    }
}

/// A default: a constant, or a name under which the script's scope has it. No name of Python has a space.
fn constant(machine: &mut Machine, model: &str, name: &str, value: &Value) -> Constant {
    plain(value).unwrap_or_else(|| {
        let hidden = format!("default of {model} {name}");
        machine.scope.set(&hidden, value.clone());
        Constant::Name(hidden)
    })
}

fn plain(value: &Value) -> Option<Constant> {
    Some(match value {
        Value::None => Constant::None,
        Value::Bool(yes) => Constant::Bool(*yes),
        Value::Int(number) => Constant::Int(*number),
        Value::Str(text) => Constant::Str(text.to_string()),
        _ => return None,
    })
}

/// Deferred keys become foreign keys when a class of their model's name, in whatever case, comes to be.
fn complete(machine: &mut Machine, session: &Rc<Session>, name: &str, at: usize) -> Outcome<()> {
    let wanted = name.to_lowercase();
    for model in session.models() {
        for field in &model.fields {
            let Some(declared) = field.declared.as_ref().filter(|_| !field.relation) else {
                continue;
            };
            if declared.base != Some(DEFERRED) && declared.class.text != DEFERRED {
                continue;
            }
            let first = declared
                .args
                .iter()
                .find(|arg| matches!(arg.keyword.as_deref(), None | Some("rel_model_name")));
            let named = first.and_then(|arg| arg.value.as_str()).map(str::to_lowercase);
            if named.as_deref() != Some(&*wanted) {
                continue;
            }
            let mut args = Args::default();
            for arg in declared.args.iter().filter(|arg| arg.keyword.is_some()) {
                let value = crate::orm::defaults::constant(&arg.value)
                    .ok_or_else(|| refuse("This deferred key cannot be completed in a script."))?;
                args.keywords.push((arg.keyword.as_deref().unwrap_or_default().into(), value));
            }
            args.take("rel_model_name");
            let key = Declared { class: KEY, ty: ColumnType::Integer, args };
            let Some(target) = session.model(at) else { continue };
            let column = key.text("column_name");
            let mut made = field.clone();
            let (relation, reverse) = link(&model, &target, &mut made, &key, column.as_deref());
            made.declared = Some(written(machine, &model.name, &field.name, &key));
            let name = field.name.clone();
            session.change(model.at, |model| {
                model.fields.retain(|each| each.name != name);
                model.relations.retain(|each| each.name != name);
                model.fields.push(made);
                model.relations.push(relation);
            });
            session.change(at, |model| model.reverse.push(reverse));
        }
    }
    Ok(())
}

/// `sort_models`: by name, but those that others refer to before these.
pub(super) fn in_order(session: &Session, places: &[usize]) -> Vec<usize> {
    fn visit(
        session: &Session,
        places: &[usize],
        model: &Model,
        seen: &mut Vec<usize>,
        out: &mut Vec<usize>,
    ) {
        if !places.contains(&model.at) || seen.contains(&model.at) {
            return;
        }
        seen.push(model.at);
        for relation in model.relations.iter().filter(|relation| relation.key.is_some()) {
            if let Some(target) = session.named(&relation.target) {
                visit(session, places, &target, seen, out);
            }
        }
        out.push(model.at);
    }
    let mut models: Vec<Rc<Model>> = places.iter().filter_map(|at| session.model(*at)).gather();
    models.arrange_by_key(|model| (model.name.to_lowercase(), model.table.clone()));
    let (mut seen, mut out) = (Vec::new(), Vec::new());
    for model in &models {
        visit(session, places, model, &mut seen, &mut out);
    }
    out
}

/// Makes the table of a model that a script has declared. Those of the models file are there.
pub(super) fn create_table(machine: &mut Machine, session: &Rc<Session>, at: usize) -> Outcome<()> {
    let Some(model) = session.declared(at) else { return Ok(()) };
    let quoted = crate::sql::quoted;
    let keys = model.fields.iter().filter(|field| field.primary_key).count();
    let mut parts = Vec::new();
    for field in &model.fields {
        let mut part =
            format!("{} {}", quoted(&field.column), throughline_core::sql::engine_type(&field.ty));
        if field.primary_key && field.auto {
            part = format!("{} INTEGER PRIMARY KEY AUTOINCREMENT", quoted(&field.column));
        } else {
            if !field.null {
                part.push_str(" NOT NULL");
            }
            if field.primary_key && keys == 1 {
                part.push_str(" PRIMARY KEY");
            }
        }
        parts.push(part);
    }
    let table = quoted(&model.table);
    let mut statements = vec![format!("CREATE TABLE IF NOT EXISTS {table} ({})", parts.join(", "))];
    for field in model.fields.iter().filter(|field| !field.primary_key) {
        let asked = field.declared.as_ref().and_then(|declared| declared.arg("index"));
        let wanted = asked.map_or(field.relation, |arg| arg.value == Constant::Bool(true));
        let unique = if field.unique { "UNIQUE " } else { "" };
        if field.unique || wanted {
            let name = quoted(&format!("{}_{}", model.name.to_lowercase(), field.column));
            let column = quoted(&field.column);
            statements
                .push(format!("CREATE {unique}INDEX IF NOT EXISTS {name} ON {table} ({column})"));
        }
    }
    for sql in statements {
        session.send(machine, Sent { sql, params: Vec::new() })?;
    }
    Ok(())
}

/// `Meta.database` is asked for before a table is made.
pub(super) fn needs_database(machine: &mut Machine, session: &Session, at: usize) -> Outcome<()> {
    if !session.unbound.borrow().contains(&at) {
        return Ok(());
    }
    let Some(model) = session.model(at) else {
        return Err(raise("ValueError", "no model"));
    };
    let message = format!(
        "database attribute does not appear to be set on the model: <Model: {}>",
        model.name
    );
    Err(super::exceptions::raised(machine, "ImproperlyConfigured", &message))
}
