//! How to build the database again as it is: what the worker was loaded with, and what has run since. Pure.

use throughline_worker::protocol::{Ask, Rows, Start, TableDump};

/// Bytes of scripts that are kept; past it only a dump can help.
const SCRIPT_BYTES: usize = 4 << 20;

/// The way to the present database.
#[derive(Clone, Debug, Default)]
pub(super) struct Recipe {
    start: Option<Start>,
    /// The ORM whose calls run on it.
    orm: &'static str,
    scripts: Vec<String>,
    /// Whether scripts were too long to keep.
    partial: bool,
}

impl Recipe {
    /// A new database.
    pub(super) fn begin(start: Start, orm: &'static str) -> Self {
        Self { start: Some(start), orm, scripts: Vec::new(), partial: false }
    }

    /// A script has changed the database.
    pub(super) fn ran(&mut self, sql: &str) {
        if self.scripts.iter().map(String::len).sum::<usize>() + sql.len() > SCRIPT_BYTES {
            self.partial = true;
        } else if !self.partial {
            self.scripts.push(sql.into());
        }
    }

    /// Something has changed the database that cannot be run again; the next dump holds it.
    pub(super) fn lose(&mut self) {
        self.partial = true;
    }

    /// The database as it is after all of that.
    pub(super) fn dumped(&mut self, dump: Vec<TableDump>) {
        *self = Self::begin(Start::Dump(dump), self.orm);
    }

    /// The rows that it began with, where they are the user's own.
    pub(super) fn own_rows(&self) -> Option<Vec<TableDump>> {
        match &self.start {
            Some(Start::Dump(tables) | Start::Schema { rows: Rows::Own { tables, .. }, .. }) => {
                Some(tables.clone())
            }
            Some(Start::Schema { rows: Rows::Sample(_) | Rows::Script(_), .. }) | None => None,
        }
    }

    /// Whether it leads to less than what is there.
    pub(super) fn is_partial(&self) -> bool {
        self.partial
    }

    /// What a new worker is asked; nothing before the first load.
    pub(super) fn ask(&self) -> Option<Ask> {
        Some(Ask::Load {
            start: self.start.clone()?,
            scripts: self.scripts.clone(),
            orm: self.orm.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(recipe: &Recipe) -> (Start, Vec<String>) {
        match recipe.ask() {
            Some(Ask::Load { start, scripts, orm: _ }) => (start, scripts),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn scripts_follow_the_start_until_a_dump_holds_them() {
        let mut recipe = Recipe::begin(Start::Dump(Vec::new()), "");
        recipe.ran("DELETE FROM a");
        assert_eq!(asked(&recipe).1, ["DELETE FROM a"]);
        recipe.dumped(Vec::new());
        assert_eq!(asked(&recipe), (Start::Dump(Vec::new()), Vec::new()));
    }

    #[test]
    fn what_is_too_long_to_keep_is_known_to_be_missing() {
        let mut recipe = Recipe::begin(Start::Dump(Vec::new()), "");
        recipe.ran(&" ".repeat(SCRIPT_BYTES + 1));
        recipe.ran("DELETE FROM a");
        assert!(recipe.is_partial() && asked(&recipe).1.is_empty());
    }
}
