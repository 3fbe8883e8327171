//! The engine's types as the protocol's.

use std::borrow::Borrow;

use throughline_engine::{Answer, Cell, ColumnInfo, ErrorKind, Span, SqlError};

use crate::protocol::{Column, Fault, FaultKind, Range, StepOutcome, Value};

/// Rows that are looked at to tell whether a column holds numbers.
pub(super) const LOOK_AT: usize = 1000;

/// A cell, written out.
pub(super) fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bool(value) => Value::Other(if *value { "true" } else { "false" }.into()),
        Cell::Int(value) => Value::Number(value.to_string()),
        Cell::Float(value) => Value::Number(format!("{value:?}")),
        Cell::Decimal(text) => Value::Number(text.clone()),
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Bytes(bytes) => Value::Other(hex(bytes)),
        Cell::Date(text) | Cell::Time(text) | Cell::Timestamp(text) | Cell::Uuid(text) => {
            Value::Other(text.clone())
        }
    }
}

/// Bytes as an SQL literal.
fn hex(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("x'{digits}'")
}

/// The columns of a result.
pub(super) fn columns(columns: &[ColumnInfo], rows: &[Vec<Cell>]) -> Vec<Column> {
    let column = |(at, column): (usize, &ColumnInfo)| Column {
        name: column.name.clone(),
        numeric: numeric(rows.iter().take(LOOK_AT).filter_map(|row| row.get(at))),
    };
    columns.iter().enumerate().map(column).collect()
}

/// Whether the column holds numbers, and nothing else but NULL.
pub(super) fn numeric(cells: impl Iterator<Item = impl Borrow<Cell>>) -> bool {
    let mut any = false;
    for cell in cells {
        match cell.borrow() {
            Cell::Null => {}
            Cell::Int(_) | Cell::Float(_) | Cell::Decimal(_) => any = true,
            Cell::Bool(_)
            | Cell::Text(_)
            | Cell::Bytes(_)
            | Cell::Date(_)
            | Cell::Time(_)
            | Cell::Timestamp(_)
            | Cell::Uuid(_) => return false,
        }
    }
    any
}

/// What a statement gave.
pub(super) fn outcome(answer: &Answer) -> StepOutcome {
    match answer {
        Answer::Rows { columns: given, rows } => StepOutcome::Rows {
            columns: columns(given, rows),
            count: rows.len().try_into().unwrap_or(u32::MAX),
        },
        Answer::Affected(count) => StepOutcome::Affected((*count).try_into().unwrap_or(u32::MAX)),
        Answer::Done => StepOutcome::Done,
    }
}

/// A place in the script.
pub(super) fn range(span: Span) -> Range {
    let offset = |at: usize| at.try_into().unwrap_or(u32::MAX);
    Range { start: offset(span.start), end: offset(span.end) }
}

/// Why a statement was not run.
pub(super) fn fault(error: &SqlError) -> Fault {
    let kind = match error.kind {
        ErrorKind::Refused => FaultKind::Refused,
        ErrorKind::Error => FaultKind::Error,
    };
    Fault {
        kind,
        message: error.message.clone(),
        hint: error.hint.clone(),
        range: error.span.map(range),
    }
}
