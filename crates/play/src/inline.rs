//! A statement with its parameters written into it, to be read and to be run by hand. What ran had them apart.

use throughline_script::Cell;

/// The text with a literal in the place of each `?`. Those inside of quotes stay.
pub fn inlined(sql: &str, params: &[Cell]) -> String {
    let mut params = params.iter();
    let mut out = String::with_capacity(sql.len());
    let mut quote = None;
    for letter in sql.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(letter),
            (None, '?') => {
                out.push_str(&params.next().map_or_else(|| "?".to_owned(), literal));
                continue;
            }
            (None, _) => {}
        }
        out.push(letter);
    }
    out
}

/// A value as it stands in SQL.
pub fn literal(cell: &Cell) -> String {
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Bool(true) => "TRUE".to_owned(),
        Cell::Bool(false) => "FALSE".to_owned(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => format!("{number:?}"),
        Cell::Decimal(digits) => digits.clone(),
        Cell::Text(text) => quoted(text),
        Cell::Bytes(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            format!("X'{digits}'")
        }
        Cell::Date(text) | Cell::Time(text) | Cell::Timestamp(text) | Cell::Uuid(text) => {
            quoted(text)
        }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_stand_where_their_marks_stood() {
        let params = [Cell::Text("it's".into()), Cell::Null, Cell::Int(3)];
        assert_eq!(
            inlined("SELECT '?', \"a?\" FROM t WHERE a = ? AND b IS ? LIMIT ?", &params),
            "SELECT '?', \"a?\" FROM t WHERE a = 'it''s' AND b IS NULL LIMIT 3"
        );
    }

    #[test]
    fn marks_without_a_parameter_stay() {
        assert_eq!(inlined("SELECT ?, ?", &[Cell::Bool(true)]), "SELECT TRUE, ?");
    }
}
