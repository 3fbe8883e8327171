//! Models and the file that holds them.

use super::{Argument, Field, Name, Span, Value};

/// All that a models file declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Every class that is a model, or a mixin of one, in order of declaration; a name may occur twice.
    pub models: Vec<Model>,
    /// The models that the file says it has, in its order, where it does (`__models__`).
    pub listed: Option<Vec<String>>,
    /// Names that imports bind.
    pub imports: Vec<Import>,
    /// Names that are used when the file is imported, but that nothing binds, in order. Python stops at the first.
    pub undefined: Vec<Name>,
    /// Calls at the left margin that models depend on, in order: `Author.update_forward_refs()`. Which ones is the reader's affair.
    pub calls: Vec<ModuleCall>,
    /// Where the text is not Python. What could be read around it is in `models` all the same.
    pub syntax: Vec<SyntaxError>,
    /// What stands around the file.
    pub project: Project,
}

impl Document {
    /// The model of this name: the last one declared, as in Python.
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.iter().rfind(|model| model.name.text == name)
    }
}

/// What stands around a file, where that makes a difference to the ORM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Project {
    /// A project as the ORM's own tools set it up.
    #[default]
    Usual,
    /// Nothing but the file and the ORM's own apps, all settings as they are by default.
    Apps,
    /// Nothing but the file.
    Bare,
}

/// A name that an import statement binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The name here.
    pub name: String,
    /// The dotted path that it stands for: `django.contrib.auth.models.User`.
    pub path: String,
    /// The statement.
    pub span: Span,
}

/// A call at the left margin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleCall {
    /// The dotted path of what is called, as written: `Author.update_forward_refs`.
    pub callee: Name,
    /// The name that its result is bound to, where it is.
    pub target: Option<Name>,
    /// Its arguments in order.
    pub args: Vec<Argument>,
    /// The whole statement.
    pub span: Span,
}

/// A place where the text is not Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What the parser says.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// What a model class is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// It has a table.
    Concrete,
    /// It only lends its fields to its children.
    Abstract,
    /// Another view of its parent's table.
    Proxy,
    /// No model at all: a plain class that lends its fields to models.
    Mixin,
}

/// A model class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// Its name.
    pub name: Name,
    /// The whole class statement.
    pub span: Span,
    /// The base classes as written.
    pub bases: Vec<Base>,
    /// What it is for.
    pub kind: ModelKind,
    /// The fields that its own body declares, in order. Inherited ones are the resolver's work.
    pub fields: Vec<Field>,
    /// Fields whose names the body binds again further down: made while it runs, and gone after it.
    pub overwritten: Vec<Field>,
    /// Everything else in the body that has a name.
    pub members: Vec<Member>,
    /// Its options.
    pub meta: Meta,
    /// What the database is told about the table, where the ORM tells it.
    pub comment: Option<String>,
}

impl Model {
    /// Every field that is made while the body runs: those that it declares in the end, then those whose names it binds again.
    pub fn made(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().chain(&self.overwritten)
    }

    /// Binds a name of the body to something else: a field of that name is overwritten.
    pub fn unbind(&mut self, name: &str) {
        self.overwritten.extend(self.fields.extract_if(.., |field| field.name.text == name));
    }

    /// The declared field of this name: the last one, as in Python.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().rfind(|field| field.name.text == name)
    }
}

/// A base class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The dotted path as written.
    pub path: String,
    /// Where it stands.
    pub span: Span,
}

/// What a member that is not a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// A method, property or nested class.
    Method,
    /// A manager.
    Manager,
    /// Another attribute.
    Attribute,
}

/// A named thing in a class body that is no field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: Name,
    /// What it is.
    pub kind: MemberKind,
}

/// A model's options (`class Meta`, `ormar_config`), those that change names, tables or checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// The whole block, where there is one.
    pub span: Option<Span>,
    /// What the block inherits from: `Base.Meta` of `class Meta(Base.Meta)`.
    pub bases: Vec<Base>,
    /// The table's name, where it is given.
    pub table: Option<Name>,
    /// Django's `app_label`.
    pub app_label: Option<Name>,
    /// `managed = False`: the ORM does not create the table.
    pub unmanaged: bool,
    /// Django's `default_related_name`.
    pub default_related_name: Option<Name>,
    /// Groups of fields that are unique together, whatever the spelling.
    pub uniques: Vec<UniqueSpec>,
    /// Indexes.
    pub indexes: Vec<IndexSpec>,
    /// Checks.
    pub checks: Vec<CheckSpec>,
    /// Fields of a composite primary key.
    pub primary_key: Option<Vec<Name>>,
    /// Default order, each with its sign as written.
    pub ordering: Vec<Name>,
    /// Every option as written, the above included.
    pub options: Vec<(Name, Value)>,
}

/// Fields that are unique together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniqueSpec {
    /// The constraint's name, where it is given.
    pub name: Option<String>,
    /// Field names.
    pub fields: Vec<String>,
    /// Expressions in place of field names: `Lower("name")`.
    pub expressions: Vec<Value>,
    /// The condition of a partial constraint, as written.
    pub condition: Option<Value>,
    /// Further options, by keyword: `deferrable`, `include`, `nulls_distinct`.
    pub extra: Vec<(String, Value)>,
    /// Whether it was written as a constraint (`UniqueConstraint`), not as `unique_together`.
    pub constraint: bool,
    /// Where.
    pub span: Span,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexSpec {
    /// Its name, where it is given.
    pub name: Option<String>,
    /// Field names, each with whether it is descending.
    pub fields: Vec<(String, bool)>,
    /// Expressions in place of field names: `Lower("name")`.
    pub expressions: Vec<Value>,
    /// Whether it is unique (Peewee writes uniques so).
    pub unique: bool,
    /// The condition of a partial index, as written.
    pub condition: Option<Value>,
    /// Further options, by keyword: `include`, `opclasses`.
    pub extra: Vec<(String, Value)>,
    /// Where.
    pub span: Span,
}

/// A check constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckSpec {
    /// Its name, where it is given.
    pub name: Option<String>,
    /// The condition as written.
    pub condition: Value,
    /// Where.
    pub span: Span,
}
