//! Looks for sources that make a stage panic or take too long. Run by hand: `cargo run --release -p throughline-conformance --bin fuzz -- 10` for ten minutes.
//!
//! Recorded models files are mutated, mixed with each other and read as every ORM. What breaks is printed and kept under `target/fuzz/`; once it is
//! mended it belongs into `fixtures/fuzz/`, which the test of robustness reads.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a tool for developers: it may end when its surroundings are broken"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[path = "stages.rs"]
mod stages;

/// A run that takes longer is reported.
const SLOW: Duration = Duration::from_secs(2);

fn main() {
    let mut arguments = std::env::args().skip(1);
    let minutes: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(10);
    let seed: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = sources(root);
    let kept = root.join("../../target/fuzz");
    std::fs::create_dir_all(&kept).expect("a place for what is found");
    let mut chance = Chance(seed);
    let (start, mut runs, mut found) = (Instant::now(), 0_u64, 0_u64);
    std::panic::set_hook(Box::new(|_| {}));
    while start.elapsed() < Duration::from_secs(minutes * 60) {
        let source = mutated(&sources, &mut chance);
        // A stack that overflows ends the process: then this is what did it.
        std::fs::write(kept.join("current.py"), &source).expect("it can be kept");
        let began = Instant::now();
        let ended = catch_unwind(AssertUnwindSafe(|| stages::all(&source)));
        runs += 1;
        let what = match ended {
            Err(_) => "panic",
            Ok(()) if began.elapsed() > SLOW => "slow",
            Ok(()) => continue,
        };
        found += 1;
        let path: PathBuf = kept.join(format!("{what}-{seed}-{runs}.py"));
        std::fs::write(&path, &source).expect("it can be kept");
        println!("{what}: {}", path.display());
    }
    println!("{runs} sources in {minutes} minutes: {found} found");
    if found > 0 {
        std::process::exit(1);
    }
}

/// Recorded sources of all ORMs.
fn sources(root: &Path) -> Vec<String> {
    let mut out = Vec::new();
    for orm in std::fs::read_dir(root.join("fixtures")).expect("fixtures").flatten() {
        for case in std::fs::read_dir(orm.path()).into_iter().flatten().flatten() {
            if let Ok(source) = std::fs::read_to_string(case.path().join("models.py")) {
                out.push(source);
            }
        }
    }
    out.sort();
    out
}

/// Pieces that change what a class body means.
const PIECES: &[&str] = &[
    "\"self\"",
    "None",
    "True",
    "()",
    "(",
    ")",
    "[",
    "]",
    ":",
    ",",
    "=",
    "\n",
    "    ",
    "\t",
    "\"",
    "'",
    "\"\"\"",
    "#",
    "\\",
    "{",
    "}",
    "*",
    "**",
    "related_name=\"+\"",
    "related_name=\"%(class)s_%(app_label)s\"",
    "through=\"A\"",
    "to_field=\"id\"",
    "primary_key=True",
    "null=True",
    "unique=True",
    "class Meta:\n        abstract = True\n",
    "class Meta:\n        proxy = True\n",
    "db_table = \"x\"",
    "unique_together = [(\"a\", \"b\")]",
    "lambda: 0",
    "models.ForeignKey(\"A\", models.CASCADE)",
    "fields.ManyToManyField(\"models.A\")",
    "ormar.ManyToMany(A)",
    "ForeignKeyField(\"self\")",
    "é",
    "\u{202e}",
    "\0",
    "if True:\n        ",
    "for i in range(3):\n        ",
    "x: int = ",
    "@property\n    def f(self): ...\n",
    "-1",
    "1e309",
    "10**100",
    "f\"{a}\"",
    "\"\\N{BULLET}\"",
    "\r\n",
];

fn mutated(sources: &[String], chance: &mut Chance) -> String {
    let mut text: Vec<char> =
        chance.pick(sources).map(|source| source.chars().collect()).unwrap_or_default();
    for _ in 0..=chance.below(6) {
        let at = chance.below(text.len() + 1);
        let length = chance.below(40).min(text.len() - at);
        match chance.below(8) {
            0 => {
                text.drain(at..at + length);
            }
            1 => {
                let piece: Vec<char> = text.get(at..at + length).unwrap_or_default().to_vec();
                let to = chance.below(text.len() + 1);
                text.splice(to..to, piece);
            }
            2 | 3 => {
                let piece = chance.pick(PIECES).copied().unwrap_or_default();
                text.splice(at..at, piece.chars());
            }
            4 => swap_lines(&mut text, chance),
            5 => swap_words(&mut text, chance),
            6 => {
                // A stretch of another file.
                let other: Vec<char> =
                    chance.pick(sources).map(|source| source.chars().collect()).unwrap_or_default();
                let from = chance.below(other.len() + 1);
                let most = chance.below(400).min(other.len() - from);
                text.splice(
                    at..at,
                    other.get(from..from + most).unwrap_or_default().iter().copied(),
                );
            }
            _ => {
                if let Some(slot) = text.get_mut(at) {
                    *slot = char::from_u32(chance.below(0x250) as u32).unwrap_or('x');
                }
            }
        }
    }
    text.into_iter().take(20_000).collect()
}

fn swap_lines(text: &mut Vec<char>, chance: &mut Chance) {
    let whole: String = text.iter().collect();
    let mut lines: Vec<&str> = whole.split_inclusive('\n').collect();
    if lines.len() > 1 {
        let (a, b) = (chance.below(lines.len()), chance.below(lines.len()));
        lines.swap(a, b);
    }
    *text = lines.concat().chars().collect();
}

/// Gives one word of the text the place of another: names that clash, targets that are something else.
fn swap_words(text: &mut Vec<char>, chance: &mut Chance) {
    let whole: String = text.iter().collect();
    let words: Vec<&str> = whole
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
        .collect();
    if let (Some(from), Some(to)) = (chance.pick(&words).copied(), chance.pick(&words).copied()) {
        *text = whole.replacen(from, to, 1 + chance.below(3)).chars().collect();
    }
}

/// The xorshift sequence: equal seeds give equal runs.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x1234_5678_9abc_def1);
        let mut mixed = self.0;
        mixed ^= mixed >> 29;
        mixed = mixed.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^ (mixed >> 32)
    }

    fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.next() % end as u64) as usize }
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}
