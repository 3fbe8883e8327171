//! `throughline-split watch IN OUT`: prints address and count of the bytes.
//! `throughline-split part IN LINKED PROFILE FIRST REST`: writes both modules.
//! `throughline-split group IN LINKED FIRST REST=ENTRY:TEXT...`: writes the module and one for each group of functions, which have the text in their
//! names. ENTRY is `tables` or `calls`.
//! `throughline-split strip FILE`: takes away names and all else that does not run.

use std::fs;

use anyhow::{Context as _, Result, bail};
use throughline_split::{Entry, Group, Parts, groups, part, strip, watch};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["watch", from, to] => {
            let watched = watch(&read(from)?)?;
            fs::write(to, watched.wasm).with_context(|| format!("writing {to}"))?;
            println!("{} {}", watched.address, watched.count);
        }
        ["part", from, linked, profile, first, rest] => {
            // What did not run goes.
            let cut: Vec<u8> = read(profile)?.iter().map(|ran| u8::from(*ran == 0)).collect();
            write(part(&read(from)?, &cut, Some(&read(linked)?))?, first, &[rest])?;
        }
        ["group", from, linked, first, rests @ ..] => {
            let rests: Option<Vec<_>> = rests.iter().map(|rest| group(rest)).collect();
            let rests = rests.context("each group is FILE=tables:TEXT or FILE=calls:TEXT")?;
            let (files, asked): (Vec<&str>, Vec<Group<'_>>) = rests.into_iter().unzip();
            let (from, linked) = (read(from)?, read(linked)?);
            let cut = groups(&from, &linked, &asked)?;
            write(part(&from, &cut, Some(&linked))?, first, &files)?;
        }
        ["strip", file] => {
            let stripped = strip(&read(file)?)?;
            fs::write(file, stripped).with_context(|| format!("writing {file}"))?;
        }
        _ => bail!(
            "watch IN OUT, part IN LINKED PROFILE FIRST REST, group IN LINKED FIRST REST=ENTRY:TEXT..., or strip FILE"
        ),
    }
    Ok(())
}

fn group(argument: &str) -> Option<(&str, Group<'_>)> {
    let (file, asked) = argument.split_once('=')?;
    let (entry, text) = asked.split_once(':')?;
    let entry = match entry {
        "tables" => Entry::Tables,
        "calls" => Entry::Calls,
        _ => return None,
    };
    Some((file, Group { text, entry }))
}

fn write(parts: Parts, first: &str, rests: &[&str]) -> Result<()> {
    if parts.rest.len() != rests.len() {
        bail!("{} parts instead of {}", parts.rest.len(), rests.len());
    }
    println!(
        "{} functions stay, {} and {} bytes of data are loaded later, {} stubs",
        parts.stayed, parts.gone, parts.data, parts.stubs
    );
    fs::write(first, parts.first).with_context(|| format!("writing {first}"))?;
    for (file, rest) in rests.iter().zip(parts.rest) {
        fs::write(file, rest).with_context(|| format!("writing {file}"))?;
    }
    Ok(())
}

fn read(file: &str) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("reading {file}"))
}
