//! What is known of a select before rows are read: its sources, which of their rows can matter, and in which order they come.

mod access;
mod flatten;
mod join;

use std::sync::Arc;

use gluesql_core::data::Value;

use crate::ir::{Source, SourceId, SourceKind};
use crate::store::{Database, Table};

pub(crate) use access::{Candidate, equal_columns, first_access, index_position};
pub(crate) use flatten::Flat;
pub(crate) use join::{narrow_all, plain, reads, spread_constants, take_tests};

/// The rows of one source.
#[derive(Clone)]
pub(crate) enum Stock {
    Table(Arc<Table>),
    Known(Arc<Vec<Vec<Value>>>),
}

/// By which column of a source a scan is to be ordered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScanOrder {
    pub(crate) source: SourceId,
    pub(crate) column: usize,
    pub(crate) descending: bool,
}

/// The rows behind a source. Queries have been run by now.
pub(crate) fn stock(db: &Database, source: &Source) -> Option<Stock> {
    match &source.kind {
        SourceKind::Table(name) => db.table(name).map(|table| Stock::Table(Arc::clone(table))),
        SourceKind::Rows(rows) => Some(Stock::Known(Arc::clone(rows))),
        SourceKind::Query(_)
        | SourceKind::Shared(..)
        | SourceKind::Working(_)
        | SourceKind::Series(_) => None,
    }
}

impl Stock {
    pub(crate) fn len(&self) -> usize {
        match self {
            Stock::Table(table) => table.rows.len(),
            Stock::Known(rows) => rows.len(),
        }
    }
}
