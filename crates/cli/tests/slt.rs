//! `throughline slt`, as one runs it.

#![allow(missing_docs, clippy::unwrap_used)]

use std::process::Command;

/// What it printed, and its code.
fn run(files: &[&str]) -> (String, i32) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/slt");
    let output = Command::new(env!("CARGO_BIN_EXE_throughline"))
        .arg("slt")
        .args(files)
        .current_dir(folder)
        .output()
        .unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
}

fn counts(output: &str, of: &str) -> Vec<usize> {
    let line =
        output.lines().find(|line| line.starts_with(of) && line.ends_with("failed")).unwrap();
    line.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

#[test]
fn passed_refused_and_failed_are_told_apart() {
    let (output, code) = run(&["passes.slt"]);
    assert_eq!(counts(&output, "passes.slt"), [7, 3, 0], "{output}");
    assert_eq!(code, 0);
    assert!(output.contains("1 refused: triggers are not supported"), "{output}");
}

#[test]
fn failures_show_the_statement_and_end_with_1() {
    let (output, code) = run(&["fails.slt", "passes.slt"]);
    assert_eq!(counts(&output, "fails.slt"), [0, 0, 3], "{output}");
    assert_eq!(counts(&output, "2 files"), [2, 7, 3, 3], "{output}");
    assert!(output.contains("[SQL] SELECT 1") && output.contains("at fails.slt:1"), "{output}");
    assert_eq!(code, 1);
}
