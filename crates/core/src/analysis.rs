//! All that is derived from one models text, in stage order.

use std::borrow::Cow;

use crate::check::{self, Diagnostic};
use crate::document::Document;
use crate::orm::{self, Orm};
use crate::resolve::Resolved;
use crate::sql::{self, Dialect};
use crate::tables::{self, Tables};

/// The stages' results for one source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// What the source declares.
    pub document: Document,
    /// What the ORM makes of it.
    pub resolved: Resolved,
    /// What is wrong with it, in source order.
    pub diagnostics: Vec<Diagnostic>,
    /// Its tables.
    pub tables: Tables,
}

impl Analysis {
    /// The statements that make the tables in a database, as the ORM itself writes them, without semicolons.
    pub fn ddl(&self, dialect: Dialect) -> Vec<String> {
        sql::ddl(&self.tables_for(dialect), dialect)
    }

    /// The statements that make the tables in the playground's own database, for calls to run on: without foreign keys where the
    /// database that the models name does not heed them.
    pub fn play_ddl(&self) -> Vec<String> {
        let mut ddl = sql::ddl(&play_tables(&self.document, &self.tables), Dialect::Engine);
        if orm::by_id(self.tables.orm).is_some_and(|orm| orm.gives_keys_again()) {
            for statement in &mut ddl {
                *statement = statement.replace(" PRIMARY KEY AUTOINCREMENT", " PRIMARY KEY");
            }
        }
        ddl
    }

    /// Whether the database that the models name heeds foreign keys.
    pub fn heeds_keys(&self) -> bool {
        heeds_keys(&self.document, &self.tables)
    }

    /// The tables as they are in a database.
    pub fn tables_for(&self, dialect: Dialect) -> Cow<'_, Tables> {
        match (dialect, orm::by_id(self.tables.orm)) {
            (Dialect::Postgres | Dialect::MySql, Some(orm)) => {
                Cow::Owned(tables::lower_for(orm, &self.document, &self.resolved, dialect))
            }
            (Dialect::Engine | Dialect::Sqlite, _) | (_, None) => Cow::Borrowed(&self.tables),
        }
    }
}

/// Runs read, resolve, check and lower. Never fails: broken source gives what could be kept, and diagnostics.
pub fn analyze(orm: &dyn Orm, source: &str) -> Analysis {
    follow(orm, source, orm.read(source))
}

/// As [`analyze`], for a file with no project around it: what the ORM says of the text alone, as in the recorded cases.
pub fn analyze_bare(orm: &dyn Orm, source: &str) -> Analysis {
    follow(orm, source, orm.read_bare(source))
}

fn follow(orm: &dyn Orm, source: &str, document: Document) -> Analysis {
    let check::Examined { resolved, diagnostics, tables } = check::examine(orm, source, &document);
    Analysis { document, resolved, diagnostics, tables }
}

/// The tables as calls and statements meet them in the playground: without foreign keys where the database that the models name
/// does not heed them.
pub fn play_tables<'t>(document: &Document, tables: &'t Tables) -> Cow<'t, Tables> {
    if heeds_keys(document, tables) {
        return Cow::Borrowed(tables);
    }
    let mut tables = tables.clone();
    for table in &mut tables.tables {
        table.foreign_keys.clear();
    }
    Cow::Owned(tables)
}

fn heeds_keys(document: &Document, tables: &Tables) -> bool {
    orm::by_id(tables.orm).is_none_or(|orm| orm.heeds_keys(document))
}
