//! `cargo xtask new-rule` and `new-orm`: the files that a new rule or ORM starts from, registered where it has to be.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use lexopt::prelude::{Long, Value, ValueExt as _};
use xtask::project;

const ORMS: &str = "crates/core/src/orm";
const FIXTURES: &str = "crates/core/tests/rules";

const RULE: &str = include_str!("../templates/rule.rs.txt");

/// The files of an ORM's folder.
const ORM: &[(&str, &str)] = &[
    ("mod.rs", include_str!("../templates/orm/mod.rs.txt")),
    ("profile.rs", include_str!("../templates/orm/profile.rs.txt")),
    ("read.rs", include_str!("../templates/orm/read.rs.txt")),
    ("resolve.rs", include_str!("../templates/orm/resolve.rs.txt")),
    ("lower.rs", include_str!("../templates/orm/lower.rs.txt")),
    ("rules/mod.rs", include_str!("../templates/orm/rules.rs.txt")),
    ("rules/list.rs", include_str!("../templates/orm/list.rs.txt")),
];

/// A new rule: `reverse-names-clash`, in the folder that `--orm` names.
pub(crate) fn rule(mut arguments: lexopt::Parser) -> Result<()> {
    let (mut name, mut orm) = (None, "django".to_owned());
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("orm") => orm = arguments.value()?.string()?,
            Value(value) if name.is_none() => name = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let name =
        name.context("a name is missing: it says the problem, as in `reverse-names-clash`")?;
    let snake = name.replace('-', "_");
    check_name(&snake)?;
    let rules = format!("{ORMS}/{orm}/rules");
    let fixtures = format!("{FIXTURES}/{orm}/{snake}");
    create(&format!("{rules}/{snake}.rs"), &RULE.replace("{kebab}", &name))?;
    create(&format!("{fixtures}/invalid.py"), "# expect: TODO\n")?;
    create(&format!("{fixtures}/valid.py"), "# TODO: nearly the same, and right\n")?;
    add_module(&format!("{rules}/mod.rs"), &format!("mod {snake};"))?;
    add_entry(
        &format!("{rules}/list.rs"),
        &format!("    (&super::{snake}::RULE, super::{snake}::check),"),
    )?;
    println!(
        "Next: say in it what is wrong, why, and what to do. Its place in {rules}/list.rs is when the ORM comes to it."
    );
    Ok(())
}

/// A new ORM: `pony`.
pub(crate) fn orm(name: &str) -> Result<()> {
    check_name(name)?;
    let title: String =
        name.chars().take(1).flat_map(char::to_uppercase).chain(name.chars().skip(1)).collect();
    let chip: String = title.chars().take(2).collect();
    for (file, template) in ORM {
        let text =
            template.replace("{Title}", &title).replace("{snake}", name).replace("{Chip}", &chip);
        create(&format!("{ORMS}/{name}/{file}"), &text)?;
    }
    add_module(&format!("{ORMS}/mod.rs"), &format!("pub mod {name};"))?;
    let registry = format!("{ORMS}/mod.rs");
    change(&registry, |text| {
        let at = text
            .find("ALL: &[&dyn Orm] =")
            .and_then(|start| Some(start + text.get(start..)?.find("];")?))?;
        let (before, after) = text.split_at_checked(at)?;
        let before = before.trim_end().trim_end_matches(',');
        Some(format!("{before}, &{name}::{title}{after}"))
    })?;
    println!("Next: CONTRIBUTING.md, \"Add an ORM\".");
    Ok(())
}

fn check_name(snake: &str) -> Result<()> {
    let fits = snake.starts_with(|letter: char| letter.is_ascii_lowercase())
        && snake
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    if fits {
        Ok(())
    } else {
        bail!("`{snake}` cannot be a module: use small letters, digits and `-`")
    }
}

fn create(path: &str, text: &str) -> Result<()> {
    let file = project::root().join(path);
    if file.exists() {
        bail!("{path} is there already");
    }
    fs::create_dir_all(file.parent().unwrap_or(Path::new("")))?;
    fs::write(&file, text).with_context(|| path.to_owned())?;
    println!("new      {path}");
    Ok(())
}

/// Adds a line among the others of its kind, in alphabetical order.
fn add_module(path: &str, line: &str) -> Result<()> {
    change(path, |text| {
        let mut lines: Vec<&str> = text.lines().collect();
        let modules = || {
            lines.iter().enumerate().filter(|(_, other)| {
                other.trim_start_matches("pub ").starts_with("mod ") && other.ends_with(';')
            })
        };
        let at = modules().find(|(_, other)| **other > line).map(|(at, _)| at);
        let at = at.or_else(|| modules().next_back().map(|(at, _)| at + 1))?;
        lines.insert(at, line);
        Some(lines.join("\n") + "\n")
    })
}

/// Adds an entry at the end of the list that ends the file.
fn add_entry(path: &str, line: &str) -> Result<()> {
    change(path, |text| {
        let (before, after) = text.split_at_checked(text.rfind("];")?)?;
        Some(format!("{before}{line}\n{after}"))
    })
}

fn change(path: &str, how: impl Fn(&str) -> Option<String>) -> Result<()> {
    let file = project::root().join(path);
    let text = fs::read_to_string(&file).with_context(|| format!("{path} cannot be read"))?;
    let changed = how(&text)
        .with_context(|| format!("{path} does not look as expected: register it there by hand"))?;
    fs::write(&file, changed)?;
    println!("changed  {path}");
    Ok(())
}
