//! What happens when the file is imported: classes are made one after the other, each changes those that its relations point at,
//! calls at the left margin resolve what was left open.
//!
//! This follows ormar 0.26 step by step (`ormar/models/metaclass.py`, `ormar/models/helpers/relations.py`, `helpers/sqlalchemy.py`), as
//! the order of its steps decides what clashes and what is silently left out. Where ormar raises, the problem is noted, and the
//! work goes on as if that check were not there: half a file gives half a diagram.

mod class;
mod field;
mod forward;
mod inherit;
mod problem;
mod reverse;
mod table;
mod through;

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::read::CONFIG;
use crate::check::Moment;
use crate::document::{ColumnType, Document, Field, ModuleCall, Value};
use crate::orm::named::Named;
use crate::resolve::Origin;

pub(super) use problem::{Kind, Problem};
pub(super) use table::{Column, Constraint, ConstraintForm, Reference, TableState};

/// Steps of making a class that come before ormar's own: pydantic's, which the rules count themselves.
pub(super) const STEPS: u32 = 1_000_000;

/// Fields by name.
pub(super) type Fields<'a> = Named<'a, usize>;
/// A name, borrowed from the document where it stands there.
pub(super) type Text<'a> = Cow<'a, str>;

/// All that the import leaves behind.
#[derive(Debug)]
pub(super) struct World<'a> {
    /// The file.
    pub(super) document: &'a Document,
    /// Classes in the order in which they are made; generated through models among them.
    pub(super) classes: Vec<Class<'a>>,
    /// The classes of the declarations, in their order.
    declared: Vec<usize>,
    /// Configurations. Several classes may have one.
    pub(super) configs: Vec<Config<'a>>,
    /// Fields of all classes. Classes share those that they inherit.
    pub(super) fields: Vec<FieldState<'a>>,
    /// Tables in the order in which they are made.
    pub(super) tables: Vec<TableState<'a>>,
    /// What went wrong, in order.
    pub(super) problems: Vec<Problem>,
    /// Names of the module that stand for classes.
    names: FxHashMap<&'a str, usize>,
    /// Configurations by identity.
    identities: FxHashMap<&'a str, usize>,
    /// Tables by metadata and name.
    by_name: FxHashMap<(Text<'a>, Text<'a>), usize>,
    /// Whether some field was declared with a `ForwardRef`.
    forward: bool,
    /// Where Python is.
    at: u32,
    /// Whether problems are noted: not while what the ORM never gets to is put together.
    quiet: bool,
}

/// A class.
#[derive(Debug)]
pub(super) struct Class<'a> {
    /// Its name.
    pub(super) name: Text<'a>,
    /// Its name in lower case.
    pub(super) lower: String,
    /// Index into [`Document::models`]; `None` for a generated one.
    pub(super) declared: Option<usize>,
    /// Its configuration, its own or inherited.
    pub(super) config: Option<usize>,
    /// Its base classes in the file.
    pub(super) bases: Vec<usize>,
    /// Whether it is another view of the model whose configuration it has.
    pub(super) proxy: bool,
    /// The field that generates it.
    pub(super) generated_by: Option<usize>,
    /// Of a mixin: its fields, once a model has taken them.
    parsed: Option<Fields<'a>>,
    /// Fields that its own body declares.
    own: Fields<'a>,
    /// Whether its relations are being registered just now.
    expanding: bool,
}

/// A configuration (`OrmarConfig`), as the classes that have it fill it.
#[derive(Debug, Default)]
pub(super) struct Config<'a> {
    /// The table's name.
    pub(super) tablename: Option<Text<'a>>,
    /// The schema that holds it.
    pub(super) schema: Option<Text<'a>>,
    /// Names the metadata.
    pub(super) metadata: Option<Text<'a>>,
    /// Whether there is a database.
    pub(super) database: bool,
    /// Whether its model only lends its fields.
    pub(super) is_abstract: bool,
    /// Whether its model stands for another.
    pub(super) proxy: bool,
    /// Constraints.
    pub(super) constraints: Vec<table::Constraint<'a>>,
    /// Fields of its model, with the reverse sides that others have put there.
    pub(super) fields: Fields<'a>,
    /// Columns.
    pub(super) columns: Vec<Column<'a>>,
    /// The primary key's field.
    pub(super) pkname: Option<Text<'a>>,
    /// Its table.
    pub(super) table: Option<usize>,
    /// Whether `update_forward_refs` is due.
    pub(super) requires_update: bool,
    /// Whether it was written as a class `Meta`.
    pub(super) legacy: bool,
}

/// What kind of field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldForm {
    /// A column.
    Plain,
    /// A foreign key.
    ForeignKey,
    /// A many-to-many.
    ManyToMany,
    /// The shortcut to the through model.
    Through,
}

/// What a relation points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ref<'a> {
    /// Nothing.
    Absent,
    /// A class.
    Class(usize),
    /// A `ForwardRef`.
    Forward(&'a str),
    /// What Python or ormar refuses, though its name may lead to a class further down.
    Late(&'a str),
}

/// A field object.
#[derive(Clone, Debug)]
pub(super) struct FieldState<'a> {
    /// Its declaration; for a reverse side and the like `None`.
    pub(super) origin: Option<Origin>,
    /// The declaration itself.
    pub(super) declared: Option<&'a Field>,
    /// Its name.
    pub(super) name: Text<'a>,
    /// Its column's name, where that differs.
    pub(super) alias: Option<Text<'a>>,
    /// What kind.
    pub(super) form: FieldForm,
    /// Whether it is the primary key.
    pub(super) primary_key: bool,
    /// Whether ormar lets it be `None`.
    pub(super) nullable: bool,
    /// Whether the column may be NULL.
    pub(super) sql_nullable: bool,
    /// Whether it is unique.
    pub(super) unique: bool,
    /// Whether it has an index.
    pub(super) index: bool,
    /// Whether the database numbers it.
    pub(super) auto: bool,
    /// The column's type; `None` while a `ForwardRef` is open.
    pub(super) ty: Option<ColumnType>,
    /// The database's own name for the type, where that is not the plain one.
    pub(super) native: Option<&'a str>,
    /// The target.
    pub(super) to: Ref<'a>,
    /// The through model.
    pub(super) through: Ref<'a>,
    /// The reverse name that is set: for a reverse side the name of the field that it belongs to.
    pub(super) related_name: Option<Text<'a>>,
    /// Whether it is a reverse side or a shortcut.
    pub(super) is_virtual: bool,
    /// The class that had it last.
    pub(super) owner: Option<usize>,
    /// Whether it points at its own model.
    pub(super) self_reference: bool,
    /// Whether there is to be no attribute on the other side.
    pub(super) skip_reverse: bool,
    /// Whether it is a reverse side without attribute.
    pub(super) skip_field: bool,
    /// Names of the through model's keys: to the owner, to the target.
    pub(super) through_names: (Option<Text<'a>>, Option<Text<'a>>),
    /// Whether those may be NULL.
    pub(super) through_nullable: (bool, bool),
    /// Names of their constraints.
    pub(super) through_keys: (Option<Text<'a>>, Option<Text<'a>>),
    /// What happens when the target row goes.
    pub(super) on_delete: Option<&'static str>,
    /// What happens when the target's key changes.
    pub(super) on_update: Option<&'static str>,
    /// The table and column that the key references.
    pub(super) reference: Option<(Text<'a>, Text<'a>)>,
    /// The name of the key's constraint, where it is given.
    pub(super) key_name: Option<Text<'a>>,
}

impl FieldState<'_> {
    /// Whether it leads to a model.
    pub(super) fn is_relation(&self) -> bool {
        self.form != FieldForm::Plain
    }

    /// Its column's name.
    pub(super) fn column(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }

    /// Whether a `ForwardRef` of it is open.
    pub(super) fn is_open(&self) -> bool {
        let open = |to: &Ref<'_>| matches!(to, Ref::Forward(_));
        match self.form {
            FieldForm::ForeignKey => open(&self.to),
            FieldForm::ManyToMany => open(&self.to) || open(&self.through),
            FieldForm::Plain | FieldForm::Through => false,
        }
    }
}

impl<'a> World<'a> {
    /// Imports the file.
    pub(super) fn new(document: &'a Document) -> Self {
        let mut world = World {
            document,
            classes: Vec::with_capacity(document.models.len() * 2),
            declared: Vec::with_capacity(document.models.len()),
            configs: Vec::with_capacity(document.models.len()),
            fields: Vec::with_capacity(document.models.len() * 12),
            tables: Vec::with_capacity(document.models.len()),
            problems: Vec::new(),
            names: FxHashMap::default(),
            identities: FxHashMap::default(),
            by_name: FxHashMap::default(),
            forward: false,
            at: 0,
            quiet: false,
        };
        let mut calls = document.calls.iter().peekable();
        for (index, model) in document.models.iter().enumerate() {
            while let Some(call) = calls.next_if(|call| call.span.end <= model.span.start) {
                world.call(call);
            }
            world.create(index);
        }
        calls.for_each(|call| world.call(call));
        world.finish();
        world
    }

    fn call(&mut self, call: &'a ModuleCall) {
        let Some(model) = call.callee.text.strip_suffix(".update_forward_refs") else { return };
        self.at = call.span.end;
        if let Some(class) = self.names.get(model) {
            self.update_forward_refs(*class);
        }
    }

    /// The class that a name of the module stands for just now.
    fn named(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// A class.
    pub(super) fn class(&self, id: usize) -> Option<&Class<'a>> {
        self.classes.get(id)
    }

    /// A field.
    pub(super) fn field(&self, id: usize) -> Option<&FieldState<'a>> {
        self.fields.get(id)
    }

    /// The class of a declaration.
    pub(super) fn class_of(&self, model: usize) -> Option<usize> {
        self.declared.get(model).copied()
    }

    /// A class's configuration.
    pub(super) fn config(&self, class: usize) -> Option<&Config<'a>> {
        self.configs.get(self.classes.get(class)?.config?)
    }

    fn config_mut(&mut self, class: usize) -> Option<&mut Config<'a>> {
        self.configs.get_mut(self.classes.get(class)?.config?)
    }

    /// A class's name in lower case, as `get_name()` gives it.
    pub(super) fn lower(&self, class: usize) -> &str {
        self.class(class).map_or("", |class| class.lower.as_str())
    }

    /// A class's primary key: its field.
    pub(super) fn key_of(&self, class: usize) -> Option<&FieldState<'a>> {
        let config = self.config(class)?;
        self.field(config.fields.get(config.pkname.as_deref()?)?)
    }

    fn raise(
        &mut self,
        kind: Kind,
        exception: &'static str,
        message: impl Into<String>,
        class: usize,
        field: Option<usize>,
    ) -> Option<&mut Problem> {
        if self.quiet {
            return None;
        }
        let step = u32::try_from(self.problems.len()).unwrap_or(u32::MAX).saturating_add(STEPS);
        self.problems.push(Problem {
            kind,
            exception,
            message: message.into(),
            moment: Moment { at: self.at, step },
            class,
            field,
            other: None,
            name: String::new(),
        });
        self.problems.last_mut()
    }
}

/// The identity of a model's own configuration.
fn identity(options: &[(crate::document::Name, Value)]) -> Option<&str> {
    options.iter().find_map(|(name, value)| match value {
        Value::Name(identity) if name.text == CONFIG => Some(identity.as_str()),
        _ => None,
    })
}
