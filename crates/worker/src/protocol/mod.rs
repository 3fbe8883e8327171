//! What page and worker say to each other. Plain data: no type of the engine or of GlueSQL.
//!
//! Every request has an id, and every response names the request that it answers, so that the page can drop what it no
//! longer waits for. Results stay in the worker: the page asks for the rows that it shows.

mod rows;
mod script;

use serde::{Deserialize, Serialize};

pub use rows::Chunk;
pub use script::{
    Card, Cost, Counterpart, Elsewhere, Exception, Expected, Mend, Models, Names, Offer, Offers,
    Repeated, ScriptReport, SentSql, Walk,
};

/// From the page to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Grows with every request.
    pub id: u32,
    /// What is asked.
    pub ask: Ask,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Builds a new database. Answered by [`Tell::Loaded`].
    Load {
        /// What it begins with.
        start: Start,
        /// Scripts that have run on it since.
        scripts: Vec<String>,
        /// The ORM whose calls are to come, by its id; none if that is not known.
        #[serde(default)]
        orm: String,
    },
    /// Runs a script. Answered by any number of [`Tell::Progress`] and one [`Tell::Ran`].
    Run {
        /// One or more statements.
        sql: String,
    },
    /// Runs a script of ORM calls. Answered by any number of [`Tell::Progress`] and one [`Tell::Played`].
    Play {
        /// The models.
        models: Models,
        /// One or more Python statements.
        source: String,
        /// What becomes of the names of earlier scripts.
        names: Names,
    },
    /// The names that may stand at a byte of a script. Answered by [`Tell::Offered`].
    Offer {
        /// The models.
        models: Models,
        /// The script.
        source: String,
        /// The byte.
        at: u32,
    },
    /// What the name at a byte of a script is. Answered by [`Tell::Explained`].
    Explain {
        /// The models.
        models: Models,
        /// The script.
        source: String,
        /// The byte.
        at: u32,
    },
    /// A statement of a script in the other ORMs. Answered by [`Tell::Elsewhere`].
    Elsewhere {
        /// The models.
        models: Models,
        /// The same models in the other ORMs.
        others: Vec<Counterpart>,
        /// The script.
        source: String,
        /// The statement.
        range: Range,
    },
    /// Rows that a run left. Answered by [`Tell::Page`] or [`Tell::Gone`].
    Page {
        /// Which list of rows.
        list: List,
        /// The first row's index.
        from: u32,
        /// How many at most.
        count: u32,
    },
    /// A whole list of rows as CSV. Answered by [`Tell::Csv`] or [`Tell::Gone`].
    Csv {
        /// Which list of rows.
        list: List,
    },
    /// The whole database. Answered by [`Tell::Dump`].
    Dump {
        /// With more rows than this, none are sent.
        max_rows: u32,
    },
    /// Are you there? Answered by [`Tell::Pong`].
    Ping,
}

/// What a database begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Start {
    /// A schema and its rows.
    Schema {
        /// `CREATE` statements, in an order in which they can run.
        ddl: Vec<String>,
        /// Where its rows come from.
        rows: Rows,
    },
    /// What [`Tell::Dump`] said.
    Dump(Vec<TableDump>),
}

/// Where the rows of a schema come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Rows {
    /// These, which are made for it.
    Sample(Vec<TableRows>),
    /// The user's own, which may be those of another schema: they go where table and column have the same name.
    Own {
        /// The rows, and the tables that scripts made.
        tables: Vec<TableDump>,
        /// Values for new columns that must have one.
        fill: Vec<TableRows>,
    },
    /// A script of inserts.
    Script(String),
}

/// Rows of one table as SQL literals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRows {
    /// The table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// All of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDump {
    /// Its `CREATE` statements.
    pub ddl: Vec<String>,
    /// Its rows.
    pub rows: TableRows,
    /// Who made it.
    pub origin: Origin,
}

/// Who made a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// It is of the schema that was loaded.
    Schema,
    /// A script of the user's created it.
    Script,
}

/// A list of rows that a run left in the worker.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct List {
    /// The id of the request that ran the script.
    pub run: u32,
    /// Which of its lists.
    pub part: Part,
}

/// A list of rows among those of a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Part {
    /// What the statement of this index in [`Report::steps`] returned.
    Step(u32),
    /// The rows of this table that the script changed.
    Changes(String),
    /// What an SQL statement of a script of ORM calls returned: [`SentSql::list`].
    Sent(u32),
}

/// From the worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The request that this answers; 0 where there is none.
    pub id: u32,
    /// The answer.
    pub tell: Tell,
}

/// What can be answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tell {
    /// The worker's code is there. Sent once, unasked.
    Ready,
    /// The database is built.
    Loaded {
        /// Its tables.
        tables: Vec<TableCount>,
        /// What did not fit.
        lost: Vec<Lost>,
    },
    /// A long script is under way.
    Progress {
        /// Statements that are done.
        done: u32,
    },
    /// A script has ended.
    Ran(Report),
    /// A script of ORM calls has ended.
    Played(ScriptReport),
    /// Names that may stand at a place.
    Offered(Offers),
    /// A statement in each of the other ORMs.
    Elsewhere(Vec<Elsewhere>),
    /// What a name is, in words, and where it stands; nothing where that is not known.
    Explained(Option<(Range, String)>),
    /// Some rows.
    Page {
        /// The first row's index.
        from: u32,
        /// The rows; fewer than asked for at the end.
        rows: Chunk,
    },
    /// A list of rows as CSV.
    Csv(String),
    /// The whole database; none where it has more rows than were asked for.
    Dump(Option<Vec<TableDump>>),
    /// Here.
    Pong,
    /// The request cannot be met, with the reason: the list is gone.
    Gone(String),
    /// The worker is about to end for this reason.
    Panic(String),
}

/// A table and how many rows it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableCount {
    /// Its name.
    pub table: String,
    /// Its rows.
    pub rows: u32,
}

/// Something that could not be loaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lost {
    /// The table, where it is about one.
    pub table: Option<String>,
    /// How many of its rows are not there.
    pub rows: u32,
    /// Why, in a sentence.
    pub why: String,
}

/// What a script did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// One entry for each statement that was started, up to [`Report::MAX_STEPS`].
    pub steps: Vec<Step>,
    /// Statements that were run beyond those; their rows are not kept.
    pub unlisted: u32,
    /// Milliseconds.
    pub elapsed: f64,
    /// What the script changed, by table.
    pub changes: Vec<TableChanges>,
    /// Whether the script changed the database, be it rows or tables.
    pub changed: bool,
    /// The tables after it.
    pub tables: Vec<TableCount>,
    /// The first rows of [`Report::first_list`], so that nobody needs to ask for them.
    pub first_rows: Chunk,
}

impl Report {
    /// More statements than this are run, but not listed one by one (the last one always is).
    pub const MAX_STEPS: usize = 500;

    /// The step whose result is shown first: the failed one, else the last one that returned rows, else the last.
    pub fn main_step(&self) -> Option<usize> {
        let failed =
            self.steps.iter().position(|step| matches!(step.outcome, StepOutcome::Failed(_)));
        let rows =
            || self.steps.iter().rposition(|step| matches!(step.outcome, StepOutcome::Rows { .. }));
        failed.or_else(rows).or_else(|| self.steps.len().checked_sub(1))
    }

    /// The list of rows that is shown first: those of the last query, else the changes of the first table.
    pub fn first_list(&self) -> Option<Part> {
        let rows = |step: &Step| matches!(step.outcome, StepOutcome::Rows { .. });
        let step = self.steps.iter().rposition(rows).and_then(|step| step.try_into().ok());
        step.map(Part::Step)
            .or_else(|| self.changes.first().map(|changes| Part::Changes(changes.table.clone())))
    }

    /// Why the script stopped early, where it did.
    pub fn fault(&self) -> Option<&Fault> {
        self.steps.iter().find_map(|step| match &step.outcome {
            StepOutcome::Failed(fault) => Some(fault),
            StepOutcome::Rows { .. } | StepOutcome::Affected(_) | StepOutcome::Done => None,
        })
    }
}

/// A range of bytes in the script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// One statement's result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The statement in the script.
    pub range: Range,
    /// What came of it.
    pub outcome: StepOutcome,
}

/// What came of a statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StepOutcome {
    /// It returned rows.
    Rows {
        /// The columns.
        columns: Vec<Column>,
        /// How many rows.
        count: u32,
    },
    /// It wrote so many rows.
    Affected(u32),
    /// It did what it says.
    Done,
    /// It could not be run; the script stopped here.
    Failed(Fault),
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether its values are numbers, and stand to the right.
    pub numeric: bool,
}

/// Why a statement was not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Whose fault it is.
    pub kind: FaultKind,
    /// What is the matter.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where in the script.
    pub range: Option<Range>,
}

/// Whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FaultKind {
    /// The statement may be right, but this is not supported here.
    Refused,
    /// The statement is wrong, or breaks a constraint or a bound.
    Error,
}

/// What a script changed in one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableChanges {
    /// The table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// How many rows are new.
    pub added: u32,
    /// How many are different.
    pub updated: u32,
    /// How many are gone.
    pub removed: u32,
}

impl TableChanges {
    /// How many rows in all.
    pub fn total(&self) -> u32 {
        self.added + self.updated + self.removed
    }
}

/// A row for the grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What happened to it.
    pub mark: Mark,
    /// Its values; for a removed row the ones that it had.
    pub cells: Vec<Value>,
}

/// What happened to a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Mark {
    /// It is just a row.
    Plain,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is different: for each cell the value before, where that was another.
    Updated(Vec<Option<Value>>),
}

/// A value, written out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// SQL's NULL.
    Null,
    /// A number, exactly as the engine writes it.
    Number(String),
    /// Text.
    Text(String),
    /// Anything else that has a form of its own: a date, a truth value, bytes.
    Other(String),
}

impl Value {
    /// The value's text; none for NULL.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Null => None,
            Self::Number(text) | Self::Text(text) | Self::Other(text) => Some(text),
        }
    }
}
