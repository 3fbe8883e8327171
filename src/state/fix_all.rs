//! All fixes at once, each taken only where it does what it promises. Pure.

use std::collections::BTreeSet;

use throughline_core::edit;
use throughline_core::orm::Orm;
use throughline_core::{Diagnostic, analyze};

use super::problems;

/// The most fixes that are tried; each costs an analysis.
const TRIES: usize = 200;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mended {
    /// The text after the fixes.
    pub(super) text: String,
    /// How many problems are gone.
    pub(super) fixed: usize,
}

/// Takes the best fix of one problem after the other. A fix is kept where fewer messages are left and no new problem
/// has come; otherwise the problem stays for the user to decide.
pub(super) fn fix_all(orm: &dyn Orm, source: &str) -> Mended {
    let mut text = source.to_owned();
    let mut left = analyze(orm, &text).diagnostics;
    let mut fixed = 0;
    let mut left_alone = BTreeSet::new();
    for _ in 0..TRIES {
        let problems = problems::by_cause(&left);
        let next = problems.iter().find_map(|problem| {
            let fix = problem.main()?.fixes.first()?;
            (!left_alone.contains(&problem.key)).then_some((problem, fix))
        });
        let Some((problem, fix)) = next else { break };
        let after = edit::apply(&text, &fix.edits);
        let found = analyze(orm, &after).diagnostics;
        if found.len() < left.len() && causes(&found).is_subset(&causes(&left)) {
            (text, left, fixed) = (after, found, fixed + 1);
        } else {
            left_alone.insert(problem.key.clone());
        }
    }
    Mended { text, fixed }
}

fn causes(diagnostics: &[Diagnostic]) -> BTreeSet<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic.cause.key.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_core::{examples, orm};

    #[test]
    fn the_clash_of_the_examples_is_mended() {
        let example = examples::by_id("clash").unwrap();
        let orm = orm::by_id(example.orm).unwrap();
        assert!(!analyze(orm, example.models).diagnostics.is_empty());
        let mended = fix_all(orm, example.models);
        assert_eq!(mended.fixed, 1);
        assert_eq!(analyze(orm, &mended.text).diagnostics, []);
    }

    #[test]
    fn a_text_without_problems_stays() {
        let example = examples::ALL.first().unwrap();
        let orm = orm::by_id(example.orm).unwrap();
        assert_eq!(fix_all(orm, example.models), Mended { text: example.models.into(), fixed: 0 });
    }
}
