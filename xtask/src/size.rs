//! `cargo xtask size`: what a visitor downloads, against the budgets.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use xtask::project;

/// A part of the page that is loaded by itself, with the most that it may weigh.
struct Part {
    name: &'static str,
    holds: fn(&str) -> bool,
    limit: Limit,
}

/// In thousands of bytes, with brotli.
#[derive(Clone, Copy)]
struct Limit {
    /// What ARCHITECTURE.md allow.
    budget: u64,
    /// A known excess: above the budget, and a failure only from here on. ARCHITECTURE.md, "Sizes", says why.
    /// Equal to the budget where the budget holds.
    ceiling: u64,
}

const fn within(budget: u64) -> Limit {
    Limit { budget, ceiling: budget }
}

/// The first part that holds a file has it.
const PARTS: &[Part] = &[
    Part { name: "editor", holds: |path| path.starts_with("editor/"), limit: within(150) },
    // Each comes with the ORM that needs it (`WORKER` bounds them), and one if ever it is needed.
    Part {
        name: NEEDED,
        holds: |path| {
            path.contains("throughline_worker_")
                && !["_bg.", "_typing."].iter().any(|part| path.contains(part))
        },
        limit: within(420),
    },
    Part { name: BASE, holds: |path| path.contains("worker"), limit: within(700) },
    Part {
        name: "page, later",
        holds: |path| path.contains("_rest-"),
        limit: Limit { budget: 800, ceiling: 960 },
    },
    Part {
        name: "page",
        holds: |path| has_ending(path, &["html", "js", "wasm", "css", "svg"]),
        limit: Limit { budget: 400, ceiling: 415 },
    },
    Part { name: "on demand", holds: |_| true, limit: within(200) },
];

const NEEDED: &str = "worker, by need";
const BASE: &str = "worker, for all";

/// What a project loads: what all need, and the largest of what one ORM does.
const WORKER: Limit = within(820);

const WHOLE: Limit = Limit { budget: 1300, ceiling: 2950 };

/// Node has the compressors that hosts use, and is here for the editor anyway.
const COMPRESS: &str = "
const fs = require('fs'), zlib = require('zlib');
for (const path of process.argv.slice(1)) {
  const content = fs.readFileSync(path);
  const brotli = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
  console.log(content.length, zlib.gzipSync(content, { level: 9 }).length, zlib.brotliCompressSync(content, brotli).length);
}";

/// Raw, gzip and brotli.
#[derive(Clone, Copy, Default)]
struct Size {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl Size {
    fn plus(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }

    fn larger(self, other: Self) -> Self {
        if other.brotli > self.brotli { other } else { self }
    }

    fn columns(self) -> String {
        let kilobytes = |bytes: u64| format!("{}.{}", bytes / 1000, bytes % 1000 / 100);
        format!(
            "{:>9} {:>9} {:>9}",
            kilobytes(self.raw),
            kilobytes(self.gzip),
            kilobytes(self.brotli)
        )
    }
}

/// Prints the table. An exceeded budget is an error, but for the excess that is known.
pub(crate) fn run() -> Result<()> {
    let (table, exceeded) = report()?;
    print!("{table}");
    if exceeded.is_empty() { Ok(()) } else { bail!("over budget: {}", exceeded.join(", ")) }
}

/// The table, and the names of the parts that are too large.
pub(crate) fn report() -> Result<(String, Vec<String>)> {
    let dist = project::dist();
    let mut files = Vec::new();
    list(&dist, &dist, &mut files).context("dist/ is not there: run `cargo xtask build` first")?;
    files.sort();
    let sizes = measure(&dist, &files)?;
    let mut table = format!("{:<44} {:>9} {:>9} {:>9}  kB\n", "", "raw", "gzip -9", "brotli 11");
    let mut exceeded = Vec::new();
    let (mut whole, mut worker) = (Size::default(), Size::default());
    for (index, part) in PARTS.iter().enumerate() {
        let mut sum = Size::default();
        for (file, size) in files.iter().zip(&sizes) {
            if PARTS.iter().position(|part| (part.holds)(file)) == Some(index) {
                table += &format!("  {:<42} {}\n", shortened(file), size.columns());
                sum = sum.plus(*size);
                if part.name == NEEDED {
                    worker = worker.larger(*size);
                }
            }
        }
        if part.name == BASE {
            worker = worker.plus(sum);
        }
        total(&mut table, &mut exceeded, part.name, sum, part.limit);
        whole = whole.plus(sum);
    }
    total(&mut table, &mut exceeded, "worker, for one ORM", worker, WORKER);
    total(&mut table, &mut exceeded, "whole", whole, WHOLE);
    Ok((table, exceeded))
}

fn total(table: &mut String, exceeded: &mut Vec<String>, name: &str, size: Size, limit: Limit) {
    let over = |most: u64| size.brotli > most * 1000;
    let verdict = match (over(limit.budget), over(limit.ceiling)) {
        (false, _) => format!("of {}", limit.budget),
        (true, false) => {
            format!("OVER the budget of {} (known, at most {})", limit.budget, limit.ceiling)
        }
        (true, true) => format!("OVER the budget of {}", limit.budget),
    };
    *table += &format!("{name:<44} {}  {verdict}\n", size.columns());
    if over(limit.ceiling) {
        exceeded.push(name.to_owned());
    }
}

fn has_ending(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

fn shortened(file: &str) -> String {
    let length = file.chars().count();
    if length <= 42 {
        file.to_owned()
    } else {
        format!("…{}", file.chars().skip(length - 41).collect::<String>())
    }
}

fn list(top: &Path, folder: &Path, files: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(top, &path, files)?;
        } else {
            files.push(path.strip_prefix(top)?.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

fn measure(dist: &Path, files: &[String]) -> Result<Vec<Size>> {
    let output = Command::new("node").args(["-e", COMPRESS]).args(files).current_dir(dist).output();
    let output = output
        .context("`node` could not be started: it compresses the files for the size report")?;
    if !output.status.success() {
        bail!("compressing failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let sizes = text.lines().map(|line| {
        let mut numbers = line.split(' ').map(str::parse);
        let mut next = || numbers.next().context("a number is missing")?.context("not a number");
        Ok(Size { raw: next()?, gzip: next()?, brotli: next()? })
    });
    sizes.collect()
}
