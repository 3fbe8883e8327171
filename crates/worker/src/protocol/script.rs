//! Scripts of ORM calls.

use serde::{Deserialize, Serialize};

use super::{Range, StepOutcome, TableChanges, TableCount};

/// The models that a script runs on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Models {
    /// What is known of them: `throughline_core::live::Models`, as bytes.
    #[serde(with = "serde_bytes")]
    pub known: Vec<u8>,
    /// Their source, for their methods; empty where those are not asked for.
    pub source: String,
}

/// The same models in another ORM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counterpart {
    /// The ORM as people write it.
    pub title: String,
    /// The models; `None` where they cannot be written for it.
    pub models: Option<Models>,
}

/// What becomes of the names that earlier scripts have given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Names {
    /// The script begins without any.
    Forgotten,
    /// It may use them.
    Kept,
}

/// What a script did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScriptReport {
    /// One for each statement that was started, up to [`ScriptReport::MAX_CARDS`].
    pub cards: Vec<Card>,
    /// Statements that were run beyond those.
    pub unlisted: u32,
    /// Milliseconds.
    pub elapsed: f64,
    /// What a user must know of how calls run here.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What the script changed, by table.
    pub changes: Vec<TableChanges>,
    /// Whether the script may have changed the database.
    pub changed: bool,
    /// The tables after it.
    pub tables: Vec<TableCount>,
}

impl ScriptReport {
    /// More statements than this are run, but not listed one by one (the last one always is).
    pub const MAX_CARDS: usize = 300;

    /// How many SQL statements the script sent.
    pub fn sent(&self) -> u32 {
        self.cards.iter().map(Card::sent_count).sum()
    }

    /// The statement that ended the script early.
    pub fn failed(&self) -> Option<&Card> {
        self.cards.iter().find(|card| card.fault.is_some())
    }
}

impl Card {
    /// Whether the statement needs a look: it raised, or what a transcript says of it is not what happened.
    pub fn is_wrong(&self) -> bool {
        match &self.expected {
            Some(expected) => !expected.agrees,
            None => self.fault.is_some(),
        }
    }
}

/// One statement of a script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Where it stands.
    pub range: Range,
    /// What a transcript says that it shows, and whether it does.
    pub expected: Option<Expected>,
    /// What it printed.
    pub printed: String,
    /// The value of an expression as Python writes it; none where that is `None`.
    pub value: Option<String>,
    /// What ended it early.
    pub fault: Option<Exception>,
    /// The SQL that it sent, up to [`Card::MAX_SENT`].
    pub sent: Vec<SentSql>,
    /// SQL that it sent beyond those.
    pub unlisted: u32,
    /// Milliseconds.
    pub millis: f64,
    /// The rows that it changed, by table.
    pub changes: Vec<TableChanges>,
    /// SQL of one shape that it sent again and again.
    pub repeated: Option<Repeated>,
    /// The relations that its lookups and attributes go along.
    pub walks: Vec<Walk>,
}

/// A way along relations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// In words; names are in backticks.
    pub words: String,
    /// The relations, each by the model and the field that declare it.
    pub edges: Vec<(String, String)>,
}

impl Card {
    /// More SQL than this is run for one statement, but not listed.
    pub const MAX_SENT: usize = 40;

    /// How many SQL statements it sent.
    pub fn sent_count(&self) -> u32 {
        u32::try_from(self.sent.len()).unwrap_or(u32::MAX).saturating_add(self.unlisted)
    }
}

/// What a transcript says that a statement shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// Its text.
    pub text: String,
    /// Whether that is what it showed.
    pub agrees: bool,
}

/// An SQL statement that a script sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SentSql {
    /// Its text, with a mark for each parameter: what ran.
    pub sql: String,
    /// The parameters, as literals.
    pub params: Vec<String>,
    /// The text with the literals in it.
    pub inlined: String,
    /// What came of it.
    pub outcome: StepOutcome,
    /// Which list of rows it left.
    pub list: u32,
    /// Milliseconds in the engine.
    pub millis: f64,
}

/// What ended a statement early.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The exception's class; none for what is not supported here, and for a limit that was met.
    pub class: Option<String>,
    /// What it says.
    pub message: String,
    /// Why it is raised, in our words.
    pub why: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where in the script.
    pub range: Option<Range>,
}

/// Statements of one shape that a single statement of the script sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repeated {
    /// How many.
    pub count: u32,
    /// Their shape: the text with its parameters apart.
    pub sql: String,
    /// The script that does with few of them, where one is known.
    pub mend: Option<Mend>,
}

/// A change of a script that saves statements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mend {
    /// What to add: `.select_related("blog")`.
    pub call: String,
    /// The statement that it changes, with it.
    pub source: String,
    /// The whole script with it.
    pub script: String,
    /// Why it helps.
    pub why: String,
    /// What was sent without it.
    pub before: Cost,
    /// What was sent with it: it was run.
    pub after: Cost,
}

/// What a statement of a script cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// The SQL that it sent, by its shape, with how often; the first few.
    pub shapes: Vec<(String, u32)>,
    /// How many statements in all.
    pub count: u32,
    /// Milliseconds.
    pub millis: f64,
}

/// A call in another ORM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The ORM's name.
    pub orm: String,
    /// The call; or why it cannot be said, or is not known to come to the same.
    pub said: Result<String, String>,
    /// In what it differs.
    pub notes: Vec<String>,
}

/// Names that may stand at a place of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    /// The byte where the name begins that is being written.
    pub from: u32,
    /// The names.
    pub names: Vec<Offer>,
}

/// A name that may stand at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The name, with what always follows it.
    pub name: String,
    /// What it is.
    pub what: String,
    /// What it does; empty where that is plain.
    pub says: String,
}
