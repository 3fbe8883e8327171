//! How an ORM's calls are spelled, as far as the console must know it before they run. Each ORM's own is in its folder.

use throughline_core::document::ColumnType;

/// How an ORM's calls are spelled.
#[derive(Debug)]
pub struct Spelling {
    /// The attribute of a model's class that calls begin at; none where they begin at the class.
    pub manager: Option<&'static str>,
    /// What the class of a model has.
    pub on_class: &'static [Method],
    /// What the manager and query sets have.
    pub on_rows: &'static [Method],
    /// What a relation to many has besides.
    pub on_many: &'static [Method],
    /// What an instance has.
    pub on_one: &'static [Method],
    /// What may stand at the end of a keyword: `contains`.
    pub lookups: &'static [Lookup],
    /// Names that scripts have without importing them, with what their arguments are about.
    pub names: &'static [(&'static str, Takes, &'static str)],
    /// Whose name leads from a model to one that points at it.
    pub back: Back,
    /// How relations are loaded with the rows that have them.
    pub ahead: Ahead,
    /// How calls are written.
    pub style: Style,
    /// In what it differs from others, where a call touches on that.
    pub differs: &'static [(When, &'static str)],
}

/// How calls are written.
#[derive(Debug)]
pub enum Style {
    /// With keywords: `filter(name="x")`.
    Keywords(Keywords),
    /// With expressions: `where(Model.name == "x")`.
    Expressions,
}

/// Calls with keywords.
#[derive(Debug)]
pub struct Keywords {
    /// What stands before a call that asks the database: `await `.
    pub awaits: &'static str,
    /// What fetches the rows at the end of a chain: `.all()`.
    pub rows: &'static str,
    /// Whether a chain without conditions begins with `all()`.
    pub needs_all: bool,
    /// What leaves out rows that are there already; empty where that cannot be said.
    pub distinct: &'static str,
    /// How the number of rows is bounded.
    pub slice: Slice,
    /// The method that gives the first row or None.
    pub first: &'static str,
    /// The row that it gives where no order is asked for.
    pub first_by: FirstBy,
    /// How several names are given.
    pub texts: Texts,
    /// What `delete()` takes where there is no condition.
    pub delete_all: &'static str,
}

/// How the number of rows is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slice {
    /// `[:5]`
    Brackets,
    /// `.limit(5)`
    Limit,
}

/// The row that is the first where no order is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstBy {
    /// That of the least key.
    Key,
    /// Whichever the database gives first.
    Chance,
}

/// How several names are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// Each as an argument.
    Each,
    /// In one list.
    List,
}

/// Where ORMs differ that can say the same call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// More rows than one fit `get()`.
    Get,
    /// A condition goes over a relation to many.
    OverMany,
    /// Rows are deleted that others point at.
    Delete,
    /// Values are taken over relations.
    ValuesOver,
    /// Relations are loaded.
    Loads,
}

/// A method.
#[derive(Debug)]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// What it gives.
    pub gives: Gives,
    /// What its arguments are about.
    pub takes: Takes,
    /// What it does, in a sentence.
    pub says: &'static str,
}

/// What a method gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A query of the same model.
    Rows,
    /// An instance.
    One,
    /// A list of instances.
    List,
    /// Something else.
    Value,
}

/// What a method's arguments are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing that could be offered.
    Nothing,
    /// Keywords with lookups, which may go through relations.
    Conditions,
    /// Keywords that are fields of the model.
    Fields,
    /// Texts that name fields, which may go through relations.
    Names,
    /// Texts that name relations, which may go through relations.
    Relations,
}

/// What may stand at the end of a keyword.
#[derive(Debug)]
pub struct Lookup {
    /// Its name.
    pub name: &'static str,
    /// The columns that it is for.
    pub of: Of,
    /// What it asks.
    pub says: &'static str,
}

/// The columns that a lookup is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// All.
    Any,
    /// Those that hold text.
    Text,
    /// Those that have an order.
    Ordered,
    /// Those that hold a day.
    Day,
}

impl Of {
    /// Whether a column of this type is among them.
    pub fn holds(self, ty: &ColumnType) -> bool {
        let text = matches!(ty, ColumnType::Varchar(_) | ColumnType::Char(_) | ColumnType::Text);
        let day = matches!(ty, ColumnType::Date | ColumnType::DateTime);
        match self {
            Self::Any => true,
            Self::Text => text,
            Self::Day => day,
            Self::Ordered => {
                !matches!(ty, ColumnType::Boolean | ColumnType::Json | ColumnType::Binary)
            }
        }
    }
}

/// Whose name leads from a model to one that points at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// A name of its own: `entry` where the attribute is `entry_set`.
    QueryName,
    /// The attribute's.
    Accessor,
}

/// How relations are loaded with the rows that have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// By methods that take the names of relations: to one, to many.
    Methods {
        /// `select_related`
        one: &'static str,
        /// `prefetch_related`
        many: &'static str,
        /// Where they are called.
        at: At,
    },
    /// By naming both models in the query and joining them.
    Join,
}

/// Where the methods are called that load relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// On the manager or on what a method of it gave: `objects.select_related(…)`.
    Manager,
    /// On a query, which `all()` gives.
    Query,
}

impl Method {
    /// A method.
    pub const fn new(name: &'static str, gives: Gives, takes: Takes, says: &'static str) -> Self {
        Self { name, gives, takes, says }
    }
}

impl Lookup {
    /// A lookup.
    pub const fn new(name: &'static str, of: Of, says: &'static str) -> Self {
        Self { name, of, says }
    }
}

/// The lookups that all ORMs with keywords share.
pub const COMMON_LOOKUPS: &[Lookup] = &[
    Lookup::new("contains", Of::Text, "the text is somewhere in it"),
    Lookup::new("endswith", Of::Text, "it ends with the text"),
    Lookup::new("exact", Of::Any, "it is equal; the same as no lookup"),
    Lookup::new("gt", Of::Ordered, "it is greater"),
    Lookup::new("gte", Of::Ordered, "it is greater or equal"),
    Lookup::new("icontains", Of::Text, "the text is somewhere in it, whatever its case"),
    Lookup::new("iendswith", Of::Text, "it ends with the text, whatever its case"),
    Lookup::new("iexact", Of::Text, "it is equal, whatever its case"),
    Lookup::new("in", Of::Any, "it is one of a list"),
    Lookup::new("isnull", Of::Any, "it is NULL (True), or is not (False)"),
    Lookup::new("istartswith", Of::Text, "it begins with the text, whatever its case"),
    Lookup::new("lt", Of::Ordered, "it is less"),
    Lookup::new("lte", Of::Ordered, "it is less or equal"),
    Lookup::new("startswith", Of::Text, "it begins with the text"),
];
