//! Half-typed source must never do worse than lose what was not typed yet.

#![allow(clippy::unwrap_used, reason = "these are tests, which clippy knows by #[test] alone")]

use std::path::Path;

use throughline_core::{analyze, orm};

mod stages;

/// Every recorded models file with its ORM's id.
fn sources() -> std::io::Result<Vec<(String, String)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut out = Vec::new();
    for orm in std::fs::read_dir(root)? {
        let orm = orm?;
        // Beside the ORMs' folders there are those of the engine.
        if orm::by_id(&orm.file_name().to_string_lossy()).is_none() {
            continue;
        }
        for case in std::fs::read_dir(orm.path())? {
            let source = std::fs::read_to_string(case?.path().join("models.py"))?;
            out.push((orm.file_name().to_string_lossy().into_owned(), source));
        }
    }
    Ok(out)
}

/// All stages, and what is made of their results.
fn run(orm: &str, source: &str) {
    if let Some(orm) = orm::by_id(orm) {
        stages::of(orm, source);
    }
}

/// What the fuzzer found is mended for good.
#[test]
fn what_was_found_by_fuzzing_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fuzz");
    for entry in std::fs::read_dir(root).into_iter().flatten() {
        stages::all(&std::fs::read_to_string(entry.unwrap().path()).unwrap());
    }
}

#[test]
fn every_beginning_of_a_file_is_read() {
    for (orm, source) in sources().unwrap() {
        for (end, _) in source.char_indices().step_by(31) {
            run(&orm, &source[..end]);
        }
    }
}

#[test]
fn a_file_with_any_line_taken_out_is_read() {
    for (orm, source) in sources().unwrap() {
        let lines: Vec<&str> = source.split_inclusive('\n').collect();
        for gone in 0..lines.len() {
            let rest: String = lines
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != gone)
                .map(|(_, line)| *line)
                .collect();
            run(&orm, &rest);
        }
    }
}

#[test]
fn a_file_with_any_character_taken_out_is_read() {
    for (orm, source) in sources().unwrap() {
        for (at, letter) in source.char_indices().step_by(37) {
            run(&orm, &[&source[..at], &source[at + letter.len_utf8()..]].concat());
        }
    }
}

#[test]
fn a_broken_class_header_keeps_the_other_classes() {
    let before =
        "from django.db import models\n\nclass A(models.Model):\n    x = models.IntegerField()\n\n";
    let after = "\n\nclass C(models.Model):\n    a = models.ForeignKey(A, models.CASCADE)\n";
    for broken in [
        "class B(models.Model)",
        "class B(models.",
        "class B(",
        "class B",
        "class ",
        "class B(models.Model):",
        "class B(models.Model):\n    y = models.",
        "class B(models.Model):\n    y = models.CharField(max_",
        "x = (",
        "x = [1,",
        "def f(",
    ] {
        let source = format!("{before}{broken}{after}");
        let models = analyze(orm::by_id("django").unwrap(), &source).document.models;
        let names: Vec<&str> = models.iter().map(|model| model.name.text.as_str()).collect();
        assert!(names.contains(&"A") && names.contains(&"C"), "{broken:?} left {names:?}");
    }
}
