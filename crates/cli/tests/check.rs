//! `throughline check`, run as people run it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "these are tests, which clippy knows by #[test] alone"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use expect_test::expect_file;
use serde_json::Value;

const CLASH: &str = "tests/check/clash.py";
const ADVICE: &str = "tests/check/advice.py";

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throughline"));
    command.arg("check").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn check(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&printed(output)).unwrap()
}

/// An empty directory for one test.
fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn text_shows_lines_reasons_and_fixes() {
    let output = check(&[CLASH, ADVICE]);
    assert_eq!(output.status.code(), Some(1));
    expect_file!["check/text.txt"].assert_eq(&printed(&output));
}

#[test]
fn help_is_given_after_a_command_too() {
    let output = check(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(printed(&output).starts_with("usage: throughline check"));
}

#[test]
fn github_gets_one_command_for_each_problem() {
    let output = check(&["--format", "github", CLASH, ADVICE]);
    assert_eq!(output.status.code(), Some(1));
    expect_file!["check/github.txt"].assert_eq(&printed(&output));
}

#[test]
fn commands_escape_what_would_end_them() {
    let folder = directory("escape");
    let file = folder.join("a,b:c%.py");
    std::fs::copy(CLASH, &file).unwrap();
    let text = printed(&check(&["--format", "github", file.to_str().unwrap()]));
    let first = text.lines().next().unwrap();
    assert!(first.contains("a%2Cb%3Ac%25.py,line=9,"), "{first}");
    assert!(first.contains("%0A"), "{first}");
}

#[test]
fn json_has_places_in_bytes_lines_and_characters() {
    let document = json(&check(&["--format", "json", CLASH]));
    let source = std::fs::read_to_string(CLASH).unwrap();
    assert_eq!(document["summary"]["errors"], 3);
    let file = &document["files"][0];
    assert_eq!((file["path"].as_str(), file["orm"].as_str()), (Some(CLASH), Some("django")));
    let last = file["problems"].as_array().unwrap().last().unwrap();
    assert_eq!(last["id"], "fields.E004");
    let (start, end) = (&last["span"]["start"], &last["span"]["end"]);
    let bytes = |place: &Value| usize::try_from(place["offset"].as_u64().unwrap()).unwrap();
    assert_eq!(&source[bytes(start)..bytes(end)], "choices=\"äöü\"");
    assert_eq!((&start["line"], &start["column"]), (&11.into(), &55.into()));
    assert_eq!((&end["line"], &end["column"]), (&11.into(), &68.into()));
    assert_eq!(last["fixes"][0]["edits"][0]["insert"], "");
}

#[test]
fn sarif_names_rules_places_and_fixes() {
    let log = json(&check(&["--format", "sarif", CLASH, ADVICE]));
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 4);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(rules[index]["help"]["markdown"].as_str().unwrap().starts_with("## What"));
        let short = rules[index]["shortDescription"]["text"].as_str().unwrap();
        assert!(!short.is_empty() && !short.starts_with('#'), "{short}");
    }
    let levels: Vec<&str> =
        results.iter().map(|result| result["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["error", "error", "error", "note"]);
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], CLASH);
    assert_eq!(place["region"]["startLine"], 9);
    let change = &results[0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert!(change["insertedContent"]["text"].as_str().unwrap().contains("related_name"));
}

#[test]
fn only_errors_fail() {
    let output = check(&[ADVICE]);
    assert!(printed(&output).contains("advice["));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn usage_and_files_that_are_not_there_end_with_two() {
    let wrong: [&[&str]; 5] = [
        &[],
        &["--format", "xml", CLASH],
        &["--orm", "pony", CLASH],
        &["--fix", "-"],
        &["tests/check/nowhere.py"],
    ];
    for arguments in wrong {
        let output = check(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn directories_are_searched_for_models() {
    let folder = directory("project");
    for place in ["shop/models.py", "blog/models.py", ".venv/lib/models.py", "shop/views.py"] {
        let file = folder.join(place);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::copy(CLASH, file).unwrap();
    }
    let output = check(&["--format", "json", folder.to_str().unwrap()]);
    let document = json(&output);
    let paths: Vec<&str> = document["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    let expected = ["blog/models.py", "shop/models.py"].map(|place| folder.join(place));
    assert_eq!(paths, expected.each_ref().map(|path| path.to_str().unwrap()));

    let empty = directory("empty");
    assert_eq!(check(&[empty.to_str().unwrap()]).status.code(), Some(2));
}

#[test]
fn files_are_checked_for_the_orm_that_they_are_written_for() {
    let folder = directory("orms");
    let fixtures = Path::new("../../tests/conformance/fixtures");
    for (orm, case) in [
        ("django", "001-fk-default"),
        ("ormar", "001-fk-default"),
        ("peewee", "001-fk-default"),
        ("tortoise", "001-fk-default"),
    ] {
        std::fs::create_dir(folder.join(orm)).unwrap();
        let target = folder.join(orm).join("models.py");
        std::fs::copy(fixtures.join(orm).join(case).join("models.py"), target).unwrap();
    }
    let other = folder.join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("models.py"), "import sqlalchemy\n").unwrap();
    let output = check(&["--format", "json", folder.to_str().unwrap()]);
    let document = json(&output);
    let files = document["files"].as_array().unwrap();
    let orms: Vec<&str> = files.iter().map(|file| file["orm"].as_str().unwrap()).collect();
    assert_eq!(orms, ["django", "ormar", "peewee", "tortoise"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("SQLAlchemy"), "{told}");
    assert_eq!(check(&[other.to_str().unwrap()]).status.code(), Some(2));
}

#[test]
fn standard_input_is_a_file_too() {
    let mut child = command(&["-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let source = std::fs::read(CLASH).unwrap();
    child.stdin.take().unwrap().write_all(&source).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(printed(&output).contains("<stdin>:9:5"), "{}", printed(&output));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn colours_only_where_they_are_wanted() {
    assert!(!printed(&check(&[CLASH])).contains('\u{1b}'));
    assert!(printed(&check(&["--color", "always", CLASH])).contains('\u{1b}'));
}

#[test]
fn fix_applies_what_has_one_way_out_and_leaves_the_rest() {
    let folder = directory("fix");
    let file = folder.join("models.py");
    std::fs::copy(CLASH, &file).unwrap();
    let output = check(&["--fix", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "the clash has two ways out, so it stays");
    assert!(printed(&output).ends_with("2 errors in 1 file.\n"), "{}", printed(&output));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("fixed") && told.contains("fields.E004"), "{told}");
    let before = std::fs::read_to_string(CLASH).unwrap();
    let after = std::fs::read_to_string(&file).unwrap();
    assert_eq!(after, before.replace(", choices=\"äöü\"", ""));
}

#[test]
fn fix_leaves_what_is_only_advice() {
    let file = directory("advice").join("models.py");
    std::fs::copy(ADVICE, &file).unwrap();
    assert_eq!(check(&["--fix", file.to_str().unwrap()]).status.code(), Some(0));
    assert_eq!(std::fs::read(&file).unwrap(), std::fs::read(ADVICE).unwrap());
}

#[test]
fn fix_leaves_files_alone_that_would_not_come_back_as_they_were() {
    let file = directory("bytes").join("models.py");
    let mut bytes = std::fs::read(CLASH).unwrap();
    bytes.extend_from_slice(b"# caf\xe9\n");
    std::fs::write(&file, &bytes).unwrap();
    assert_eq!(check(&["--fix", file.to_str().unwrap()]).status.code(), Some(2));
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
}
