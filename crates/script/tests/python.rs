//! Our values, statements and messages against CPython's, as `record.py` wrote them down.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "these are tests, which clippy knows by #[test] alone"
)]

use std::path::Path;

use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;
use throughline_script::{Limits, Machine};

fn answers(source: &str) -> String {
    let now =
        chrono::NaiveDate::from_ymd_opt(2025, 6, 11).unwrap().and_hms_opt(10, 20, 30).unwrap();
    let mut machine = Machine::new(Limits::default(), now);
    let mut out = String::new();
    for statement in &parse_module(source).unwrap().into_syntax().body {
        let text = &source[statement.range()];
        out.push_str(&format!("# {}\n", text.lines().next().unwrap()));
        machine.run_script(text, &mut |machine, step| {
            out.push_str(&step.stdout);
            if let Some(value) = &step.value {
                out.push_str(&format!(
                    "= {}\n",
                    machine.repr(value).unwrap_or_else(|_| "repr failed".into())
                ));
            }
            if let Some(ended) = step.ended {
                let class = ended.class.map_or("refused".into(), |class| class.name.clone());
                out.push_str(&format!("! {class}: {}\n", ended.message));
            }
        });
    }
    out
}

#[test]
fn python_says_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "py") {
            count += 1;
            let ours = answers(&std::fs::read_to_string(&path).unwrap());
            let theirs = std::fs::read_to_string(path.with_extension("txt")).unwrap();
            for (ours, theirs) in blocks(&ours).iter().zip(blocks(&theirs)) {
                if *ours != theirs {
                    wrong.push(format!(
                        "{}\nours:\n{ours}CPython:\n{theirs}",
                        path.file_name().unwrap().display()
                    ));
                }
            }
        }
    }
    assert!(count == 5, "the scripts are not found");
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

fn blocks(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.starts_with("# ") || out.is_empty() {
            out.push(String::new());
        }
        out.last_mut().unwrap().push_str(line);
        out.last_mut().unwrap().push('\n');
    }
    out
}
