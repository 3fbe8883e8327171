//! The arguments of a field as one line of text, and back. Pure.

use throughline_core::document::Field;

/// The arguments that have controls of their own, in every ORM's spelling.
const OWN: [&str; 3] = ["null", "nullable", "unique"];

/// The keyword arguments of a field as they are written: `max_length=80, default=6`.
pub(super) fn shown(source: &str, field: &Field) -> String {
    let named = field
        .args
        .iter()
        .filter(|arg| arg.keyword.as_deref().is_some_and(|keyword| !OWN.contains(&keyword)));
    named.map(|arg| arg.span.text(source)).collect::<Vec<_>>().join(", ")
}

/// What has to change for the arguments to be as written: new and changed ones, and those that go.
///
/// # Errors
/// What is wrong with the text.
pub(super) fn changes(
    source: &str,
    field: &Field,
    written: &str,
) -> Result<Vec<(String, Option<String>)>, String> {
    let wanted = parse(written)?;
    let known = field
        .args
        .iter()
        .filter_map(|arg| Some((arg.keyword.as_deref()?, arg.value_span.text(source))));
    let gone = known.clone().filter(|(keyword, _)| {
        !OWN.contains(keyword) && wanted.iter().all(|(other, _)| other != keyword)
    });
    let changed = wanted.iter().filter(|(keyword, value)| {
        known.clone().all(|known| known != (keyword.as_str(), value.as_str()))
    });
    Ok(changed
        .map(|(keyword, value)| (keyword.clone(), Some(value.clone())))
        .chain(gone.map(|(keyword, _)| (keyword.to_owned(), None)))
        .collect())
}

/// `a=1, b=[2, 3]` in pieces.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse(written: &str) -> Result<Vec<(String, String)>, String> {
    split(written)
        .into_iter()
        .map(|piece| {
            let (keyword, value) = piece
                .split_once('=')
                .ok_or_else(|| format!("`{piece}` has no name: write it as `name=value`."))?;
            match (keyword.trim(), value.trim()) {
                (keyword, "") => Err(format!("`{keyword}` has no value.")),
                (keyword, value) => Ok((keyword.to_owned(), value.to_owned())),
            }
        })
        .collect()
}

/// Splits at commas that stand in no brackets and no string.
fn split(written: &str) -> Vec<String> {
    let (mut pieces, mut piece, mut depth, mut quote) = (Vec::new(), String::new(), 0, None);
    let mut escaped = false;
    for letter in written.chars() {
        match (letter, quote) {
            (_, Some(_)) if escaped => escaped = false,
            ('\\', Some(_)) => escaped = true,
            (letter, Some(open)) if letter == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(letter),
            ('(' | '[' | '{', None) => depth += 1,
            (')' | ']' | '}', None) => depth -= 1,
            (',', None) if depth == 0 => {
                pieces.push(std::mem::take(&mut piece));
                continue;
            }
            _ => {}
        }
        piece.push(letter);
    }
    pieces.push(piece);
    pieces
        .into_iter()
        .map(|piece| piece.trim().to_owned())
        .filter(|piece| !piece.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use throughline_core::orm;

    use super::*;

    const SOURCE: &str = "from django.db import models\n\nclass Book(models.Model):\n    title = models.CharField(max_length=80, null=True, choices=[(\"a, b\", 1), (\"c\", 2)])\n";

    fn field() -> Field {
        orm::by_id("django").unwrap().read(SOURCE).model("Book").unwrap().fields[0].clone()
    }

    #[test]
    fn arguments_are_shown_as_written() {
        assert_eq!(shown(SOURCE, &field()), "max_length=80, choices=[(\"a, b\", 1), (\"c\", 2)]");
    }

    #[test]
    fn only_what_differs_changes() {
        let same = changes(SOURCE, &field(), &shown(SOURCE, &field())).unwrap();
        assert_eq!(same, []);
        let changed = changes(SOURCE, &field(), "max_length=90, default=\"x\"").unwrap();
        let expected = [("max_length", Some("90")), ("default", Some("\"x\"")), ("choices", None)];
        assert_eq!(
            changed,
            expected.map(|(keyword, value)| (keyword.to_owned(), value.map(str::to_owned)))
        );
    }

    #[test]
    fn text_that_is_no_argument_is_refused() {
        assert!(parse("80").is_err());
        assert!(parse("max_length=").is_err());
        assert_eq!(parse(" ").unwrap(), []);
    }
}
