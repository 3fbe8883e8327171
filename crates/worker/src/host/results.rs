//! The rows that a run leaves in the worker, and the part of them that is asked for.

use throughline_engine::{Answer, Cell, TableChange};

use super::values;
use crate::protocol::{Chunk, Column, List, Mark, Part, Row, TableChanges, Tell};

/// Rows of queries that are kept for one run; past it those of its earlier statements go.
const KEPT_ROWS: usize = 1_000_000;

/// A list of rows, in order.
type Rows<'a> = Box<dyn Iterator<Item = Row> + 'a>;

/// Rows of one run.
#[derive(Default)]
pub(super) struct Results {
    run: u32,
    /// Index of the step, names of the columns, rows.
    steps: Vec<(usize, Vec<String>, Vec<Vec<Cell>>)>,
    changes: Vec<TableChange>,
}

impl Results {
    /// Nothing yet.
    pub(super) fn of_run(run: u32) -> Self {
        Self { run, ..Self::default() }
    }

    /// Whether there is anything to show.
    pub(super) fn any(&self) -> bool {
        !self.steps.is_empty() || !self.changes.is_empty()
    }

    /// Whether these are the rows of that run.
    pub(super) fn is_of(&self, run: u32) -> bool {
        self.run == run
    }

    /// Keeps the rows that the statement at this index gave.
    pub(super) fn note(&mut self, step: usize, answer: Answer) {
        if let Answer::Rows { columns, rows } = answer {
            self.steps.retain(|(kept, ..)| *kept != step);
            self.steps.push((step, columns.into_iter().map(|column| column.name).collect(), rows));
            let mut kept: usize = self.steps.iter().map(|(.., rows)| rows.len()).sum();
            while kept > KEPT_ROWS && self.steps.len() > 1 {
                kept -= self.steps.remove(0).2.len();
            }
        }
    }

    /// Keeps what was changed.
    pub(super) fn note_changes(&mut self, changes: Vec<TableChange>) {
        for change in changes {
            match self
                .changes
                .iter_mut()
                .find(|kept| kept.table == change.table && kept.columns == change.columns)
            {
                Some(kept) => {
                    kept.inserted.extend(change.inserted);
                    kept.updated.extend(change.updated);
                    kept.deleted.extend(change.deleted);
                }
                None => self.changes.push(change),
            }
        }
    }

    /// What was changed, by table.
    pub(super) fn changes(&self) -> Vec<TableChanges> {
        summed(&self.changes)
    }

    /// Some rows of a list.
    pub(super) fn page(&self, list: &List, from: u32, count: u32) -> Tell {
        match self.rows(list) {
            Some((_, rows)) => {
                let rows = rows.skip(from as usize).take(count as usize).collect();
                Tell::Page { from, rows: Chunk(rows) }
            }
            None => gone(),
        }
    }

    /// The first rows of a list.
    pub(super) fn first(&self, part: Part) -> Chunk {
        let rows = self.rows(&List { run: self.run, part });
        rows.map(|(_, rows)| Chunk(rows.take(Chunk::ROWS as usize).collect())).unwrap_or_default()
    }

    /// A list as CSV (RFC 4180): a head, then one line per row. NULL is nothing, an empty text is `""`.
    pub(super) fn csv(&self, list: &List) -> Tell {
        let Some((columns, rows)) = self.rows(list) else { return gone() };
        let mut csv = String::new();
        let mut line = |cells: &mut dyn Iterator<Item = String>| {
            csv.push_str(&cells.collect::<Vec<_>>().join(","));
            csv.push_str("\r\n");
        };
        let marked = matches!(list.part, Part::Changes(_));
        let head = marked.then(|| "change".to_owned());
        line(&mut head.into_iter().chain(columns.iter().map(|name| quoted(name))));
        for row in rows {
            let mark = marked.then(|| mark_word(&row.mark).to_owned());
            line(
                &mut mark.into_iter().chain(
                    row.cells.iter().map(|value| value.text().map(quoted).unwrap_or_default()),
                ),
            );
        }
        Tell::Csv(csv)
    }

    fn rows<'a>(&'a self, list: &List) -> Option<(&'a [String], Rows<'a>)> {
        if list.run != self.run {
            return None;
        }
        match &list.part {
            Part::Step(step) | Part::Sent(step) => {
                let (_, columns, rows) =
                    self.steps.iter().find(|(kept, ..)| *kept == *step as usize)?;
                Some((columns, Box::new(rows.iter().map(|row| plain(row, Mark::Plain)))))
            }
            Part::Changes(table) => {
                let change = self.changes.iter().find(|change| change.table == *table)?;
                let updated = change
                    .updated
                    .iter()
                    .map(|(before, after)| updated(&before.cells(), &after.cells()));
                let deleted = change.deleted.iter().map(|row| plain(&row.cells(), Mark::Removed));
                let inserted = change.inserted.iter().map(|row| plain(&row.cells(), Mark::Added));
                Some((&change.columns, Box::new(updated.chain(deleted).chain(inserted))))
            }
        }
    }
}

/// How many rows of each table were changed.
pub(super) fn summed(changes: &[TableChange]) -> Vec<TableChanges> {
    let count = |rows: usize| rows.try_into().unwrap_or(u32::MAX);
    let of = |change: &TableChange| {
        let column = |(at, name): (usize, &String)| {
            let rows = change
                .inserted
                .iter()
                .chain(&change.deleted)
                .chain(change.updated.iter().map(|(_, after)| after));
            let cells = rows.take(values::LOOK_AT).filter_map(|row| row.cell(at));
            Column { name: name.clone(), numeric: values::numeric(cells) }
        };
        TableChanges {
            table: change.table.clone(),
            columns: change.columns.iter().enumerate().map(column).collect(),
            added: count(change.inserted.len()),
            updated: count(change.updated.len()),
            removed: count(change.deleted.len()),
        }
    };
    changes.iter().map(of).collect()
}

fn gone() -> Tell {
    Tell::Gone("These rows are no longer held. Run the query again to see them.".into())
}

fn plain(cells: &[Cell], mark: Mark) -> Row {
    Row { mark, cells: cells.iter().map(values::value).collect() }
}

fn updated(before: &[Cell], after: &[Cell]) -> Row {
    let was = before
        .iter()
        .zip(after)
        .map(|(before, after)| (before != after).then(|| values::value(before)))
        .collect();
    plain(after, Mark::Updated(was))
}

fn mark_word(mark: &Mark) -> &'static str {
    match mark {
        Mark::Plain => "",
        Mark::Added => "added",
        Mark::Removed => "deleted",
        Mark::Updated(_) => "updated",
    }
}

/// A CSV field. Text that a spreadsheet would take for a formula stays text only there where the spreadsheet is told so;
/// the file holds the values as they are.
fn quoted(text: &str) -> String {
    let plain = !text.is_empty() && !text.contains([',', '"', '\n', '\r']);
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_fields_are_quoted_where_they_must_be() {
        assert_eq!(
            [quoted("a b"), quoted(""), quoted("a,b"), quoted("say \"x\"")],
            ["a b", "\"\"", "\"a,b\"", "\"say \"\"x\"\"\""]
        );
    }
}
