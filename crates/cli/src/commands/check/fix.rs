//! `--fix`: applies what has exactly one way out.

use throughline_core::edit::apply;
use throughline_core::orm::Orm;
use throughline_core::{Diagnostic, Severity, analyze};

use super::super::Failure;
use super::files::Source;
use super::report::code;

/// Applies the fix of each problem that has exactly one, and writes the file. Each change is told on standard error.
/// Advice is left to the reader: what it is about may be meant.
///
/// After each fix the file is checked anew: a fix that does not make the problems fewer is not kept.
///
/// # Errors
/// [`Failure`] where the text is standard input, which cannot be written, or not UTF-8, so that it would not come back
/// as it was, or where writing fails.
pub(super) fn fix(source: &mut Source, orm: &dyn Orm) -> Result<(), Failure> {
    let Some(path) = source.path.clone() else {
        return Err(Failure::Usage("--fix needs files that it can write".into()));
    };
    let mut text = source.text.clone();
    let mut found = analyze(orm, &text).diagnostics;
    let mut told = Vec::new();
    let mut at = 0;
    while let Some(diagnostic) = found.get(at) {
        match improved(orm, &text, diagnostic, found.len()) {
            Some((better, remaining)) => {
                told.push(format!("{}: {}", code(diagnostic), title(diagnostic)));
                text = better;
                found = remaining;
                at = 0;
            }
            None => at += 1,
        }
    }
    if told.is_empty() {
        return Ok(());
    }
    if !source.faithful {
        let name = path.display();
        return Err(Failure::File(format!("{name} is not plain UTF-8, so it is left as it is")));
    }
    std::fs::write(&path, &text)
        .map_err(|error| Failure::File(format!("cannot write {}: {error}", path.display())))?;
    for line in told {
        eprintln!("fixed {}: {line}", path.display());
    }
    source.text = text;
    Ok(())
}

fn title(diagnostic: &Diagnostic) -> &str {
    diagnostic.fixes.first().map_or("", |fix| &fix.title)
}

/// The text with the only fix of a problem applied, and its problems, where those are fewer than before.
fn improved(
    orm: &dyn Orm,
    text: &str,
    diagnostic: &Diagnostic,
    before: usize,
) -> Option<(String, Vec<Diagnostic>)> {
    let [only] = diagnostic.fixes.as_slice() else { return None };
    if diagnostic.severity == Severity::Advice {
        return None;
    }
    let better = apply(text, &only.edits);
    let remaining = analyze(orm, &better).diagnostics;
    (remaining.len() < before).then_some((better, remaining))
}
