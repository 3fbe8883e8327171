//! Our answers against those of the real ORMs, as recorded in `fixtures/<orm>/<case>/expected.json`.
//!
//! One test per case. Gaps that are known stand in `known_gaps.toml` with their reasons; a gap that has closed fails its test,
//! so that the list never says more than is true.

mod facets;
mod gaps;
mod servers;

use std::error::Error;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use throughline_core::{analyze_bare, export, orm};

use facets::FACETS;
use gaps::Gap;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let gaps = gaps::read(&root.join("known_gaps.toml"))?;
    let cases = cases(&root.join("fixtures"))?;
    let mut trials: Vec<Trial> = cases
        .into_iter()
        .map(|case| {
            let known = gaps.iter().filter(|gap| gap.case == case.name).cloned().collect();
            Trial::test(case.name.clone(), move || case.check(known))
        })
        .collect();
    let names: Vec<String> = trials.iter().map(|trial| trial.name().to_owned()).collect();
    trials.push(Trial::test("known gaps name cases that exist", move || {
        match gaps.iter().find(|gap| !names.contains(&gap.case)) {
            None => Ok(()),
            Some(gap) => Err(format!("there is no case {}", gap.case).into()),
        }
    }));
    libtest_mimic::run(&arguments, trials).exit()
}

/// A recorded case.
struct Case {
    name: String,
    orm: String,
    folder: PathBuf,
}

/// Every folder `<orm>/<case>` with an `expected.json`, in order.
fn cases(fixtures: &Path) -> Result<Vec<Case>, Box<dyn Error>> {
    let mut out = Vec::new();
    for orm in folders(fixtures)? {
        for folder in folders(&orm)? {
            if folder.join("expected.json").exists() {
                let orm = name_of(&orm);
                out.push(Case { name: format!("{orm}/{}", name_of(&folder)), orm, folder });
            }
        }
    }
    Ok(out)
}

fn folders(path: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let entries = std::fs::read_dir(path)?.collect::<Result<Vec<_>, _>>()?;
    let mut out: Vec<PathBuf> =
        entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    out.sort();
    Ok(out)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

impl Case {
    fn check(&self, gaps: Vec<Gap>) -> Result<(), Failed> {
        let orm = orm::by_id(&self.orm).ok_or_else(|| format!("there is no ORM {}", self.orm))?;
        let source = std::fs::read_to_string(self.folder.join("models.py"))?;
        let expected: Value =
            serde_json::from_str(&std::fs::read_to_string(self.folder.join("expected.json"))?)?;
        let analysis = analyze_bare(orm, &source);
        let ours = export::inspect(orm, &analysis);
        let accepted = expected.get("ok") == Some(&Value::Bool(true));
        let mut wrong = Vec::new();
        for facet in FACETS.iter().filter(|facet| accepted || facet.also_of_rejected) {
            let (ours, theirs) = ((facet.view)(&ours), (facet.view)(&expected));
            let gap = gaps.iter().find(|gap| gap.facet == facet.name);
            match (ours == theirs, gap) {
                (true, None) | (false, Some(_)) => {}
                (false, None) => {
                    wrong.push(format!("{}\n  ours    {ours}\n  the ORM {theirs}", facet.name))
                }
                (true, Some(gap)) => wrong.push(format!(
                    "{}: the gap has closed, take it off the list ({})",
                    facet.name, gap.reason
                )),
            }
        }
        for (facet, difference) in servers::compare(&self.folder, &analysis)? {
            let gap = gaps.iter().find(|gap| gap.facet == facet);
            match (difference, gap) {
                (None, None) | (Some(_), Some(_)) => {}
                (Some(difference), None) => wrong.push(format!("{facet}{difference}")),
                (None, Some(gap)) => wrong.push(format!(
                    "{facet}: the gap has closed, take it off the list ({})",
                    gap.reason
                )),
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
    }
}
