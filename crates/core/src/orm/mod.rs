//! The ORMs: each is a folder with the same file names, mostly data. No other place in the project names an ORM.

use crate::check::{Context, Diagnostic, Rule};
use crate::compare::Aspect;
use crate::convert::SourceWriter;
use crate::document::{Document, Field, Model, RelationKind, Span};
use crate::edit::{FieldDraft, RelationDraft, Written};
use crate::sql::Dialect;

pub mod django;
mod named;
pub mod ormar;
pub mod peewee;
mod recognise;
mod references;
pub mod tortoise;

pub use recognise::{Certainty, Evidence, Marks, Recognised, imported, recognise, stranger};

/// Every ORM there is, in the order in which they are shown.
pub static ALL: &[&dyn Orm] =
    &[&django::Django, &tortoise::Tortoise, &ormar::Ormar, &peewee::Peewee];

/// The ORM of this id.
pub fn by_id(id: &str) -> Option<&'static dyn Orm> {
    ALL.iter().copied().find(|orm| orm.profile().id == id)
}

/// What is data about an ORM.
#[derive(Debug)]
pub struct Profile {
    /// `django`.
    pub id: &'static str,
    /// `Django`.
    pub title: &'static str,
    /// Two letters for chips: `Dj`.
    pub chip: &'static str,
    /// The version whose behaviour is reproduced: `5.2`.
    pub version: &'static str,
    /// The field classes that can be offered in forms, the commonest first.
    pub field_classes: &'static [FieldClass],
    /// The keyword for the reverse name: `related_name`, `backref`.
    pub related_name_keyword: &'static str,
    /// What `on_delete` may be, in the ORM's spelling.
    pub on_delete: &'static [&'static str],
    /// The relation kinds that it has.
    pub relations: &'static [RelationKind],
    /// What models files import, by module: offered where such a name is not defined.
    pub imports: &'static [(&'static str, &'static [&'static str])],
}

/// A field class that a form can offer.
#[derive(Debug, Clone, Copy)]
pub struct FieldClass {
    /// `CharField`.
    pub name: &'static str,
    /// What diagrams write: `Char`.
    pub label: &'static str,
    /// Arguments that must be given, each with a sensible value: `("max_length", "100")`.
    pub required: &'static [(&'static str, &'static str)],
}

/// Words of an ORM in the schema document, where the ORMs differ.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// What a many-to-many field names.
    pub through: ThroughWord,
    /// What a reverse side names.
    pub reverse_source: SourceWord,
    /// What a reverse side is called in filters.
    pub query: QueryWord,
    /// The app that a file stands for: models that say they belong to another one are not listed. `None`: where all say so, all are.
    pub app: Option<&'static str>,
}

/// What a many-to-many field names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThroughWord {
    /// A class; only generated ones are listed.
    Class,
    /// A class that is a model like others: of generated ones, which alone are listed, the relations are described, too.
    Model,
    /// A table; a model that owns it is listed, too, and a generated one has no class.
    Table,
}

/// What a reverse side is called in filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryWord {
    /// Its query name.
    Name,
    /// Nothing: the ORM has no such names.
    Nothing,
}

/// What the reverse side of a key names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceWord {
    /// The field: `author`.
    Field,
    /// The attribute that holds the key: `author_id`.
    Key,
}

/// How one ORM reads, names and checks. Differences that are data belong into [`Profile`].
pub trait Orm: Sync {
    /// The data.
    fn profile(&self) -> &'static Profile;

    /// What gives it away in a text: see [`recognise`]. Without any, it has to be chosen.
    fn marks(&self) -> &'static Marks {
        &Marks::NONE
    }

    /// The keyword that lets a plain field be NULL.
    fn null_keyword(&self) -> &'static str {
        "null"
    }

    /// How a relation names a model that is declared further down (or the model itself), with a sentence that says what the
    /// ORM does with it; `None` where it has no way of its own.
    fn late_reference(&self, name: &str, itself: bool) -> Option<(String, &'static str)>;

    /// Stage 1: source text to document. Never fails.
    fn read(&self, source: &str) -> Document;

    /// As [`Orm::read`], for a file that has no project around it ([`Project::Bare`](crate::document::Project)).
    fn read_bare(&self, source: &str) -> Document {
        self.read(source)
    }

    /// The table of a concrete model.
    fn table_name(&self, model: &Model) -> String;

    /// Models of the ORM's own apps, as a document of its own, where the file reaches them (Django's `auth.User`).
    fn library(&self, document: &Document) -> Option<&'static Document> {
        let _ = document;
        None
    }

    /// The rules of this ORM, in the order in which it applies them.
    fn rules(&self) -> Vec<&'static Rule>;

    /// Stage 3: all that its rules find, also what the ORM never gets to say because something stops it before.
    fn check(&self, context: &Context<'_>) -> Vec<Diagnostic>;

    /// Stage 2's ORM-specific part: document to resolved models.
    fn resolve(&self, document: &Document) -> crate::resolve::Resolved;

    /// Stages 2 and 3 in one go, for an ORM whose rules look at what resolving builds on the way: then that is built once.
    fn examine(&self, source: &str, document: &Document) -> Option<crate::check::Examined> {
        let _ = (source, document);
        None
    }

    /// Stage 4's ORM-specific part.
    fn lower(
        &self,
        document: &Document,
        resolved: &crate::resolve::Resolved,
    ) -> crate::tables::Tables;

    /// The same for a database other than SQLite and our engine.
    fn lower_for(
        &self,
        document: &Document,
        resolved: &crate::resolve::Resolved,
        dialect: Dialect,
    ) -> crate::tables::Tables {
        let _ = dialect;
        self.lower(document, resolved)
    }

    /// Whether the database that the models name heeds foreign keys. Where it does not, nothing stops a row that points at nothing.
    fn heeds_keys(&self, _: &Document) -> bool {
        true
    }

    /// Whether a key that was given to a row, which is gone, may be given again: SQLite does so where it is not told AUTOINCREMENT.
    fn gives_keys_again(&self) -> bool {
        false
    }

    /// Stage 5's ORM-specific part: the statements that make the tables, which were lowered for that database.
    fn ddl(&self, tables: &crate::tables::Tables, dialect: Dialect) -> Vec<String> {
        let order = tables.in_creation_order();
        match dialect {
            Dialect::Engine => crate::sql::engine_statements(tables, &order),
            Dialect::Sqlite => order.into_iter().flat_map(|table| self.sqlite(table)).collect(),
            Dialect::Postgres | Dialect::MySql => self.server_ddl(tables, dialect),
        }
    }

    /// The same for database servers alone.
    fn server_ddl(&self, tables: &crate::tables::Tables, dialect: Dialect) -> Vec<String> {
        let _ = dialect;
        crate::sql::engine_statements(tables, &tables.in_creation_order())
    }

    /// A table and its indexes in SQLite's SQL, as the ORM itself writes them.
    fn sqlite(&self, table: &crate::tables::Table) -> Vec<String> {
        crate::sql::engine_table(table)
    }

    /// The word for a column's type in the schema document: the ORM's own where that is not the neutral one.
    fn type_word(&self, column: &crate::tables::Column) -> String {
        column.ty.to_string()
    }

    /// How the schema document words what the ORMs themselves word differently.
    fn words(&self) -> Words {
        Words {
            through: ThroughWord::Class,
            reverse_source: SourceWord::Field,
            query: QueryWord::Name,
            app: None,
        }
    }

    /// The word for a relation's kind in the schema document, where the ORM has another than the neutral one.
    fn relation_word(&self, forward: &crate::resolve::Forward) -> &'static str {
        forward.kind.short()
    }

    /// Whether an exception at start-up keeps the ORM from making tables.
    fn tables_need_start_up(&self) -> bool {
        false
    }

    /// How whole models files are written for it; `None` where they cannot be.
    fn source_writer(&self) -> Option<&'static SourceWriter> {
        None
    }

    /// Why it has things its way in this respect: one sentence, for a comparison of ORMs.
    fn habit(&self, aspect: Aspect) -> &'static str {
        let _ = aspect;
        ""
    }

    /// The source of a new, empty file of models (its imports).
    fn skeleton(&self) -> &'static str;

    /// The source of a model class with no fields of its own, without trailing newline.
    ///
    /// This and what the other `write_` methods give is in lines that end in `\n`, indented by [`INDENT`](crate::edit::INDENT) a level.
    fn write_model(&self, document: &Document, name: &str) -> String;

    /// The right-hand side of a plain field: `models.CharField(max_length=100)`. What the class requires is always there.
    fn write_field(&self, document: &Document, field: &FieldDraft) -> Written;

    /// The right-hand side of a relation that `model` declares: `models.ForeignKey("Author", on_delete=models.CASCADE)`.
    fn write_relation(
        &self,
        document: &Document,
        model: &Model,
        relation: &RelationDraft,
    ) -> Written;

    /// The source of a through model between `owner` and `target`, declared after both.
    fn write_through(
        &self,
        document: &Document,
        owner: &Model,
        target: &str,
        name: &str,
        fields: &[FieldDraft],
    ) -> String;

    /// Why a relation cannot be drawn as the file stands, with what to do instead.
    fn refuses_relation(
        &self,
        document: &Document,
        model: &Model,
        relation: &RelationDraft,
    ) -> Option<String> {
        let _ = (document, model, relation);
        None
    }

    /// What a model needs above its class once this is written in it: `EnrollmentDeferred = DeferredThroughModel()`.
    fn preparation(&self, document: &Document, written: &str) -> Option<String> {
        let _ = (document, written);
        None
    }

    /// What a model needs below all classes once this is written in it: `Author.update_forward_refs()`. `None` where nothing.
    fn completion(&self, document: &Document, model: &Model, written: &str) -> Option<String> {
        let _ = (document, model, written);
        None
    }

    /// The names of the fields of such a through model that point at its owner and its target.
    fn through_fields(&self, owner: &str, target: &str) -> (String, String);

    /// The import that `written` needs and the file does not have, without line break.
    fn import_for(&self, document: &Document, written: &str) -> Option<&'static str>;

    /// What the positional arguments of a field class are.
    fn positional(&self, class: &str) -> &'static [&'static str];

    /// Whether an argument means nothing to a field class, so that it goes when a field becomes one.
    fn drops(&self, class: &str, keyword: &str) -> bool;

    /// Why a field cannot be renamed, where the ORM knows it by its name.
    fn keeps_name(&self, field: &Field) -> Option<&'static str> {
        let _ = field;
        None
    }

    /// Where the file names a model's field besides its declaration: options, constraints, arguments of relations, methods.
    /// Each span covers exactly the field's name.
    fn field_references(
        &self,
        source: &str,
        document: &Document,
        model: &str,
        field: &str,
    ) -> Vec<Span>;
}
