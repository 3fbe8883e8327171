//! Rules about single source files.

use super::File;

/// More lines than this and a file does several things.
const LONGEST: usize = 700;

/// What half of the files should stay below.
const MEDIAN: usize = 150;

/// The only folder of the app that talks to the browser.
const PLATFORM: &str = "src/platform/";

/// Names that belong into the folders of the ORMs.
const ORMS: &[&str] = &["django", "tortoise", "ormar", "peewee"];

/// Where an ORM may be named outside its own folder, and why.
const ORM_NAMED: &[(&str, &str)] = &[
    ("crates/core/src/orm/mod.rs", "it lists the folders"),
    ("crates/core/src/check/rules/undefined_name.rs", "its documentation gives an example"),
    ("crates/script/src/orm/mod.rs", "it lists the folders"),
    ("crates/core/src/convert/python.rs", "helpers of one ORM that stand for those of Python"),
    (
        "crates/core/src/orm/peewee/names.rs",
        "a constant that peewee exports is called after another ORM",
    ),
    (
        "crates/core/src/orm/tortoise/read/custom.rs",
        "fields of other ORMs in the same file are not its own",
    ),
    ("crates/core/src/examples/", "every example is written for one"),
    ("crates/core/src/link/", "what links of version 1 were written with stays as it was"),
    ("crates/cli/src/", "its help shows how a command is written"),
    ("src/views/shell/orm_switch.rs", "it names those that are still to come"),
    ("xtask/", "this list, and the folder that new rules go to"),
];

/// Files that are too long, and the median as a remark.
pub(super) fn lengths(files: &[File]) -> (String, Vec<String>) {
    let rust: Vec<_> = files.iter().filter(|file| file.is_rust()).collect();
    let mut lengths: Vec<_> =
        rust.iter().map(|file| file.code_lines().count()).filter(|length| *length > 0).collect();
    lengths.sort_unstable();
    let at = |share: usize| lengths.get(lengths.len() * share / 100).copied().unwrap_or_default();
    let note = format!(
        "{} files, lines without tests: median {} (aim {MEDIAN}), 90 % below {}",
        lengths.len(),
        at(50),
        at(90)
    );
    let too_long = rust.iter().filter_map(|file| {
        let length = file.code_lines().count();
        (length > LONGEST).then(|| format!("{}: {length} lines, at most {LONGEST}", file.path))
    });
    (note, too_long.collect())
}

/// Paths of somebody's machine.
pub(super) fn machine_names(files: &[File]) -> Vec<String> {
    // Put together here, so that this file does not contain what it forbids.
    let folders = ["home", "root", "work", "Users"].map(|folder| format!("/{folder}/"));
    let starts_path = |line: &str, folder: &str| {
        line.match_indices(folder).any(|(at, _)| {
            let before = line.get(..at).and_then(|text| text.chars().next_back());
            !before
                .is_some_and(|character| character.is_alphanumeric() || "_.-".contains(character))
        })
    };
    findings(
        files,
        |file| file.text.lines().enumerate().map(|(index, line)| (index + 1, line)).collect(),
        |line| {
            folders
                .iter()
                .any(|folder| starts_path(line, folder))
                .then(|| "a path of one machine".to_owned())
        },
    )
}

/// `web_sys` and `js_sys` outside of the folder for them.
pub(super) fn web_stays_in_platform(files: &[File]) -> Vec<String> {
    let app: Vec<_> = files
        .iter()
        .filter(|file| file.path.starts_with("src/") && !file.path.starts_with(PLATFORM))
        .collect();
    findings(app, code, |line| {
        (line.contains("web_sys") || line.contains("js_sys"))
            .then(|| format!("only {PLATFORM} talks to the browser"))
    })
}

/// Names of ORMs outside of their folders: what differs between ORMs is asked of `dyn Orm`.
pub(super) fn orm_names_stay_in_their_folders(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for orm in ORMS {
        let own_folder = format!("/{orm}/");
        let elsewhere = files.iter().filter(|file| {
            let explained = ORM_NAMED.iter().any(|(place, _)| file.path.starts_with(place));
            file.is_rust() && !explained && !file.path.contains(&own_folder)
        });
        found.extend(findings(elsewhere, code, |line| {
            line.to_lowercase()
                .contains(orm)
                .then(|| format!("`{orm}` is named outside its folder"))
        }));
    }
    found
}

/// The lines that are not comments.
fn code(file: &File) -> Vec<(usize, &str)> {
    file.code_lines().filter(|(_, line)| !line.trim_start().starts_with("//")).collect()
}

fn findings<'a>(
    files: impl IntoIterator<Item = &'a File>,
    lines: impl Fn(&'a File) -> Vec<(usize, &'a str)>,
    wrong: impl Fn(&str) -> Option<String>,
) -> Vec<String> {
    let found = files.into_iter().flat_map(|file| {
        lines(file)
            .into_iter()
            .map(|(number, line)| (file, number, wrong(line)))
            .collect::<Vec<_>>()
    });
    found
        .filter_map(|(file, number, text)| Some(format!("{}:{number}: {}", file.path, text?)))
        .collect()
}
