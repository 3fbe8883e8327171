//! Every rule is documented, has fixtures, finds in them what they say, and keeps the law of fixes: applying a fix removes its
//! problem and adds none.
//!
//! A fixture `rules/<orm>/<rule>/invalid*.py` says what the rule finds in it, one line each: `# expect: fields.E304 app.Flight.origin`;
//! in place of an id stands the exception's class, or `advice`. In `valid*.py` the rule finds nothing.

#![allow(clippy::unwrap_used, reason = "these are tests, which clippy knows by #[test] alone")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use throughline_core::check::{self, Diagnostic, Rule, Stage};
use throughline_core::orm::{self, Orm};
use throughline_core::{edit, resolve};

fn every(orm: &dyn Orm, source: &str) -> Vec<Diagnostic> {
    let document = orm.read(source);
    let resolved = resolve::resolve(orm, &document);
    check::every(orm, source, &document, &resolved)
}

type Ruled = (&'static dyn Orm, &'static Rule);

fn rules() -> Vec<Ruled> {
    orm::ALL.iter().flat_map(|orm| orm.rules().into_iter().map(|rule| (*orm, rule))).collect()
}

fn files(folder: &Path, name: &str) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = std::fs::read_dir(folder).map_or_else(
        |_| Vec::new(),
        |entries| entries.map(|entry| entry.unwrap().path()).collect(),
    );
    out.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with(name));
    out.sort();
    out
}

fn fixtures((orm, rule): Ruled, name: &str) -> Vec<PathBuf> {
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/rules")
            .join(orm.profile().id)
            .join(rule.name.replace('-', "_")),
        name,
    )
}

/// What a diagnostic is called in a fixture.
fn word(found: &Diagnostic) -> String {
    let what = found.id.or(found.exception).unwrap_or("advice");
    found.object.as_ref().map_or_else(|| what.to_owned(), |object| format!("{what} {object}"))
}

#[test]
fn rules_are_named_once() {
    let mut seen = BTreeSet::new();
    for (orm, rule) in rules() {
        assert!(seen.insert((orm.profile().id, rule.name)), "{} is there twice", rule.name);
        assert!(
            rule.name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'),
            "{} is not in kebab case",
            rule.name
        );
    }
}

#[test]
fn ids_belong_to_one_rule() {
    for orm in orm::ALL {
        let mut seen = BTreeMap::new();
        for rule in orm.rules() {
            for id in rule.ids {
                assert_eq!(seen.insert(id, rule.name), None, "{id} belongs to two rules");
            }
        }
    }
}

#[test]
fn rules_are_documented() {
    for (_, rule) in rules() {
        for heading in ["## What\n", "## Why\n", "## Example\n", "## Fix\n"] {
            let after = rule
                .docs
                .split(heading)
                .nth(1)
                .unwrap_or_else(|| panic!("{} lacks {heading}", rule.name));
            assert!(
                after.split("## ").next().unwrap().trim().len() > 20,
                "{}: {heading} says nothing",
                rule.name
            );
        }
    }
}

#[test]
fn rules_find_what_fixtures_say() {
    for (orm, rule) in rules() {
        let (valid, invalid) = (fixtures((orm, rule), "valid"), fixtures((orm, rule), "invalid"));
        assert!(
            !valid.is_empty() && !invalid.is_empty(),
            "{} needs a valid and an invalid fixture",
            rule.name
        );
        for file in valid.iter().chain(&invalid) {
            let source = std::fs::read_to_string(file).unwrap();
            let mut expected: Vec<&str> =
                source.lines().filter_map(|line| line.strip_prefix("# expect: ")).collect();
            let mut found: Vec<String> = every(orm, &source)
                .iter()
                .filter(|found| found.rule == rule.name)
                .map(word)
                .collect();
            expected.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, expected, "{}", file.display());
            assert_eq!(expected.is_empty(), valid.contains(file), "{}", file.display());
        }
    }
}

#[test]
fn diagnostics_are_whole() {
    for (orm, file, source) in sources() {
        for found in every(orm, &source) {
            let rule = orm.rules().into_iter().find(|rule| rule.name == found.rule).unwrap();
            assert!(
                found.id.is_none_or(|id| rule.ids.contains(&id)),
                "{}: {:?} is not among the ids of {}",
                file.display(),
                found.id,
                rule.name
            );
            assert!(
                !found.cause.title.is_empty() && !found.why.is_empty(),
                "{}: {found:?}",
                file.display()
            );
            assert!(
                source.get(found.span.start as usize..found.span.end as usize).is_some(),
                "{}: {found:?}",
                file.display()
            );
            assert!(
                found.cause.title.matches('`').count() % 2 == 0
                    && found.why.matches('`').count() % 2 == 0,
                "{}: {found:?}",
                file.display()
            );
            for fix in &found.fixes {
                assert!(fix.title.chars().count() <= 60, "{} is too long for a button", fix.title);
            }
        }
    }
}

/// The kind of a problem. Of a table that cannot be made only the first reason is known.
fn key(found: &Diagnostic) -> Key {
    (found.rule, found.id, found.exception.filter(|_| found.stage != Stage::Schema))
}

type Key = (&'static str, Option<&'static str>, Option<&'static str>);

/// How often each kind of problem is there.
fn count(diagnostics: &[Diagnostic]) -> BTreeMap<Key, usize> {
    let mut out = BTreeMap::new();
    for found in diagnostics {
        *out.entry(key(found)).or_default() += 1;
    }
    out
}

#[test]
fn a_fix_removes_its_problem_and_adds_none() {
    let mut broken = Vec::new();
    for (orm, file, source) in sources() {
        let before = every(orm, &source);
        let counts = count(&before);
        for found in &before {
            for fix in &found.fixes {
                let fixed = edit::apply(&source, &fix.edits);
                let after = count(&every(orm, &fixed));
                let key = key(found);
                // Whether a through model holds pairs once can only be asked when it is known what makes its pairs.
                let decidable_now = |rule: &str| {
                    rule == "through-without-unique-pair" && found.rule.contains("through")
                };
                let more = |key: &(&str, _, _), number: usize| {
                    counts.get(key).copied().unwrap_or(0) < number
                };
                let added: Vec<_> = after
                    .iter()
                    .filter(|(key, number)| more(key, **number) && !decidable_now(key.0))
                    .collect();
                let stays =
                    after.get(&key).copied().unwrap_or(0) >= counts.get(&key).copied().unwrap_or(0);
                if stays || !added.is_empty() {
                    broken.push(format!(
                        "{}: {} of {}: {}, adds {added:?}\n{fixed}",
                        file.display(),
                        fix.title,
                        found.rule,
                        if stays { "stays" } else { "goes" }
                    ));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{} fixes break the law:\n{}", broken.len(), broken.join("\n\n"));
}

/// All fixtures, and all recorded cases.
fn sources() -> Vec<(&'static dyn Orm, PathBuf, String)> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/fixtures");
    let fixtures = rules()
        .into_iter()
        .flat_map(|ruled| fixtures(ruled, "").into_iter().map(move |path| (ruled.0, path)));
    let recorded = orm::ALL.iter().flat_map(|orm| {
        let cases = files(&cases.join(orm.profile().id), "");
        cases.into_iter().flat_map(|case| files(&case, "models.py")).map(move |path| (*orm, path))
    });
    fixtures
        .chain(recorded)
        .map(|(orm, path)| (orm, path.clone(), std::fs::read_to_string(path).unwrap()))
        .collect()
}
