//! Whether a row meets a check. What is not understood counts as met: the database has the last word.

/// A part of a condition.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Column(String),
    Literal(Operand),
    /// A keyword in upper case, or an operator or bracket.
    Word(String),
}

/// A value in a comparison.
#[derive(Clone, Debug, PartialEq)]
enum Operand {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
}

/// Whether the condition is false for a row, whose literals `value` gives by column.
pub(super) fn is_broken(condition: &str, value: &dyn Fn(&str) -> Option<String>) -> bool {
    let Some(tokens) = tokens(condition) else { return false };
    let mut reader = Reader { tokens: &tokens, at: 0, value };
    let result = reader.any();
    reader.at == tokens.len() && result == Some(Some(false))
}

/// The literals that a condition compares a column with: candidates for values that meet it.
pub(super) fn literals(condition: &str) -> Vec<String> {
    let tokens = tokens(condition).unwrap_or_default();
    tokens
        .into_iter()
        .filter_map(|token| match token {
            Token::Literal(Operand::Number(number)) => Some(number.to_string()),
            Token::Literal(Operand::Text(text)) => Some(super::value::quoted(&text)),
            Token::Literal(Operand::Bool(_) | Operand::Null)
            | Token::Column(_)
            | Token::Word(_) => None,
        })
        .collect()
}

/// The value of an SQL literal.
fn operand(literal: &str) -> Operand {
    match literal {
        "NULL" => Operand::Null,
        "TRUE" => Operand::Bool(true),
        "FALSE" => Operand::Bool(false),
        _ => match literal.parse() {
            Ok(number) => Operand::Number(number),
            Err(_) => Operand::Text(literal.trim_matches('\'').replace("''", "'")),
        },
    }
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '"' | '\'' => {
                let end = closing(rest, first)?;
                let inner =
                    rest.get(1..end)?.replace(&format!("{first}{first}"), &first.to_string());
                let token = if first == '"' {
                    Token::Column(inner)
                } else {
                    Token::Literal(Operand::Text(inner))
                };
                (token, end + 1)
            }
            '0'..='9' => {
                let end = rest
                    .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
                    .unwrap_or(rest.len());
                (Token::Literal(Operand::Number(rest.get(..end)?.parse().ok()?)), end)
            }
            'A'..='Z' | 'a'..='z' | '_' => {
                let end = rest
                    .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                    .unwrap_or(rest.len());
                let word = rest.get(..end)?.to_uppercase();
                let token = match word.as_str() {
                    "NULL" | "TRUE" | "FALSE" => Token::Literal(operand(&word)),
                    _ => Token::Word(word),
                };
                (token, end)
            }
            _ => {
                let operator = ["<=", ">=", "<>", "!="]
                    .into_iter()
                    .find(|operator| rest.starts_with(operator));
                let length = operator.map_or(first.len_utf8(), str::len);
                (Token::Word(rest.get(..length)?.to_owned()), length)
            }
        };
        out.push(token);
        rest = rest.get(length..)?.trim_start();
    }
    // Of `"table"."column"` the column counts.
    while let Some(dot) = out.iter().position(|token| *token == Token::Word(".".into())) {
        let from = dot.checked_sub(1)?;
        out.drain(from..=dot);
    }
    Some(out)
}

/// Where a quoted text ends: at the quote that is not doubled.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text.get(at..)?.find(quote)?;
        if !text.get(at + 1..)?.starts_with(quote) {
            return Some(at);
        }
        at += 2;
    }
}

/// `None`: not understood. `Some(None)`: unknown, as with NULL.
type Truth = Option<Option<bool>>;

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    value: &'a dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    fn eat(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Word(found)) if found == word);
        self.at += usize::from(found);
        found
    }

    /// Conditions with OR between them.
    fn any(&mut self) -> Truth {
        let mut result = self.all()?;
        while self.eat("OR") {
            let right = self.all()?;
            result = match (result, right) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
        }
        Some(result)
    }

    fn all(&mut self) -> Truth {
        let mut result = self.one()?;
        while self.eat("AND") {
            let right = self.one()?;
            result = match (result, right) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        Some(result)
    }

    fn one(&mut self) -> Truth {
        if self.eat("NOT") {
            return self.one().map(|result| result.map(|truth| !truth));
        }
        let start = self.at;
        if self.eat("(") {
            if let Some(result) = self.any()
                && self.eat(")")
            {
                return Some(result);
            }
            self.at = start;
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Truth {
        let left = self.sum()?;
        if self.eat("IS") {
            let not = self.eat("NOT");
            let Some(Token::Literal(Operand::Null)) = self.tokens.get(self.at) else { return None };
            self.at += 1;
            return Some(Some((left == Operand::Null) != not));
        }
        let not = self.eat("NOT");
        let result = if self.eat("IN") {
            self.eat("(").then_some(())?;
            let mut found = Some(false);
            loop {
                let item = self.sum()?;
                found = match (found, equal(&left, &item)) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                };
                if !self.eat(",") {
                    break;
                }
            }
            self.eat(")").then_some(())?;
            found
        } else if self.eat("BETWEEN") {
            let low = self.sum()?;
            self.eat("AND").then_some(())?;
            let high = self.sum()?;
            Some(compare(&low, &left)?.is_le() && compare(&left, &high)?.is_le())
        } else if not {
            return None;
        } else {
            let Some(Token::Word(operator)) = self.tokens.get(self.at) else {
                // A Boolean column is a condition by itself.
                return if let Operand::Bool(truth) = left { Some(Some(truth)) } else { None };
            };
            let test: fn(std::cmp::Ordering) -> bool = match operator.as_str() {
                "=" => std::cmp::Ordering::is_eq,
                "<>" | "!=" => std::cmp::Ordering::is_ne,
                "<" => std::cmp::Ordering::is_lt,
                "<=" => std::cmp::Ordering::is_le,
                ">" => std::cmp::Ordering::is_gt,
                ">=" => std::cmp::Ordering::is_ge,
                _ => return if let Operand::Bool(truth) = left { Some(Some(truth)) } else { None },
            };
            self.at += 1;
            let right = self.sum()?;
            if left == Operand::Null || right == Operand::Null {
                return Some(None);
            }
            Some(test(compare(&left, &right)?))
        };
        Some(result.map(|truth| truth != not))
    }

    /// A value, with `+`, `-` and `*` on numbers.
    fn sum(&mut self) -> Option<Operand> {
        let mut left = self.operand()?;
        loop {
            let apply: fn(f64, f64) -> f64 = match self.tokens.get(self.at) {
                Some(Token::Word(word)) if word == "+" => |a, b| a + b,
                Some(Token::Word(word)) if word == "-" => |a, b| a - b,
                Some(Token::Word(word)) if word == "*" => |a, b| a * b,
                _ => return Some(left),
            };
            self.at += 1;
            left = match (left, self.operand()?) {
                (Operand::Number(a), Operand::Number(b)) => Operand::Number(apply(a, b)),
                (Operand::Null, _) | (_, Operand::Null) => Operand::Null,
                _ => return None,
            };
        }
    }

    fn operand(&mut self) -> Option<Operand> {
        if self.eat("(") {
            let inner = self.sum()?;
            return self.eat(")").then_some(inner);
        }
        if self.eat("-") {
            return if let Operand::Number(number) = self.operand()? {
                Some(Operand::Number(-number))
            } else {
                None
            };
        }
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        match token {
            Token::Column(name) => (self.value)(name).map(|literal| operand(&literal)),
            Token::Literal(literal) => Some(literal.clone()),
            Token::Word(_) => None,
        }
    }
}

fn equal(left: &Operand, right: &Operand) -> Option<bool> {
    compare(left, right).map(std::cmp::Ordering::is_eq)
}

fn compare(left: &Operand, right: &Operand) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Operand::Number(a), Operand::Number(b)) => a.partial_cmp(b),
        (Operand::Text(a), Operand::Text(b)) => Some(a.cmp(b)),
        (Operand::Bool(a), Operand::Bool(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(condition: &str) -> bool {
        is_broken(condition, &|column| {
            let row = [
                ("a", "3"),
                ("b", "7.5"),
                ("s", "'it''s'"),
                ("n", "NULL"),
                ("d", "'2024-05-01'"),
                ("t", "TRUE"),
            ];
            row.iter().find(|(name, _)| *name == column).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn conditions_that_lowering_writes_are_understood() {
        let met = [
            r#""a" >= 0"#,
            r#"("a" > 0 AND "b" > "a")"#,
            r#"("app_x"."a" = 9 OR "s" = 'it''s')"#,
            r#"NOT ("a" IN (1, 2))"#,
            r#""a" BETWEEN 1 AND 5"#,
            r#""d" > '2024-01-01'"#,
            r#""n" IS NULL"#,
            r#""n" > 3"#,
            r#""t" = TRUE"#,
            r#""a" < ("b" - 1)"#,
            r#"LENGTH("s") > 90"#,
            r#""s" LIKE 'x%' ESCAPE '\'"#,
        ];
        for condition in met {
            assert!(!broken(condition), "{condition}");
        }
        let not_met = [
            r#""a" > 3"#,
            r#"("a" > 0 AND "b" < "a")"#,
            r#""s" IN ('x', 'y')"#,
            r#"NOT ("a" = 3)"#,
            r#""n" IS NOT NULL"#,
            r#""a" NOT IN (3)"#,
            r#""t" = FALSE"#,
        ];
        for condition in not_met {
            assert!(broken(condition), "{condition}");
        }
    }
}
