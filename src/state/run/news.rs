//! What became of the engine, said so that the reader knows what is safe and what to do. Pure.

use throughline_worker::protocol::{Lost, TableCount};

/// Something to say above the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// How bad it is.
    pub tone: Tone,
    /// What happened.
    pub title: String,
    /// What is safe, and what to do.
    pub text: String,
}

/// How bad news are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it was asked for.
    Info,
    /// Something is not as it was.
    Warning,
    /// Something ended that should not have.
    Error,
}

/// Why the worker was started again.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cause {
    /// The user stopped a script after so many milliseconds.
    Cancelled(f64),
    /// The user restarted the engine.
    Restarted,
    /// It ended in the middle of a script, for this reason.
    Crashed(String),
    /// It ended by itself, for this reason.
    Ended(String),
}

impl News {
    /// The worker is there again.
    pub(super) fn again(cause: &Cause, tables: &[TableCount], lost: &[Lost]) -> Self {
        let safe = format!("{} as they were before it ran.", held(tables));
        let (tone, title, text) = match cause {
            Cause::Cancelled(after) => (
                Tone::Info,
                "The query was stopped",
                format!("It ran for {:.1} s. {safe}", after / 1000.0),
            ),
            Cause::Restarted => {
                (Tone::Info, "The engine was restarted", format!("{} as they were.", held(tables)))
            }
            Cause::Crashed(why) => {
                let why = why.trim_end_matches('.');
                (
                    Tone::Error,
                    "The query brought the engine down",
                    format!("It was started again. {safe} What it said: {why}."),
                )
            }
            Cause::Ended(why) => {
                let why = why.trim_end_matches('.');
                (
                    Tone::Warning,
                    "The engine ended and was started again",
                    format!("{} as they were. What it said: {why}.", held(tables)),
                )
            }
        };
        let mut news = Self { tone, title: title.into(), text };
        if let Some(lost) = Self::lost(lost) {
            news.tone = Tone::Error;
            news.text = format!("{} {}", news.text, lost.text);
        }
        news
    }

    /// Rows that did not fit.
    pub(super) fn lost(lost: &[Lost]) -> Option<Self> {
        let rows: u32 = lost.iter().map(|lost| lost.rows).sum();
        let title = match rows {
            _ if lost.is_empty() => return None,
            0 => "Not all of it could be loaded".to_owned(),
            1 => "1 row does not fit the models".to_owned(),
            rows => format!("{rows} rows do not fit the models"),
        };
        let one = |lost: &Lost| match (&lost.table, lost.rows) {
            (Some(table), 0) => format!("`{table}`: {}", lost.why),
            (Some(table), 1) => format!("`{table}`, 1 row: {}", lost.why),
            (Some(table), rows) => format!("`{table}`, {rows} rows: {}", lost.why),
            (None, _) => lost.why.clone(),
        };
        let mut text = lost.iter().take(4).map(one).collect::<Vec<_>>().join(" ");
        if lost.len() > 4 {
            text.push_str(&format!(" And {} more.", lost.len() - 4));
        }
        if rows > 0 {
            text.push_str(
                " The project keeps them: undo the change of the models, and they are back.",
            );
        }
        Some(Self { tone: Tone::Warning, title, text })
    }

    /// The rows are too many for the project.
    pub(super) fn too_many(limit: &str) -> Self {
        let text = format!(
            "A project holds up to {limit} of rows. A reload or a link brings back the rows from before this change."
        );
        Self { tone: Tone::Warning, title: "These rows live only in this tab".into(), text }
    }

    /// The engine cannot be started.
    pub(super) fn no_engine(why: &str) -> Self {
        let text = format!(
            "Models, diagram and tables work without it. What the browser said: {}.",
            why.trim_end_matches('.')
        );
        Self { tone: Tone::Error, title: "The SQL engine does not start".into(), text }
    }
}

fn held(tables: &[TableCount]) -> String {
    let rows: u64 = tables.iter().map(|table| u64::from(table.rows)).sum();
    let some = |count: u64, noun: &str| {
        if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
    };
    format!("Your {} and {} are", some(tables.len() as u64, "table"), some(rows, "row"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables() -> Vec<TableCount> {
        vec![TableCount { table: "a".into(), rows: 1 }]
    }

    #[test]
    fn a_stopped_query_says_what_is_safe() {
        let news = News::again(&Cause::Cancelled(4210.0), &tables(), &[]);
        assert_eq!(
            news.text,
            "It ran for 4.2 s. Your 1 table and 1 row are as they were before it ran."
        );
    }

    #[test]
    fn lost_rows_are_counted_and_explained() {
        let lost =
            Lost { table: Some("a".into()), rows: 2, why: "The table is no longer there.".into() };
        let news = News::lost(&[lost]).unwrap();
        assert_eq!(news.title, "2 rows do not fit the models");
        assert!(
            news.text
                .starts_with("`a`, 2 rows: The table is no longer there. The project keeps them")
        );
        assert_eq!(News::lost(&[]), None);
    }
}
