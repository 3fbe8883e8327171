//! `throughline-split watch IN OUT`: prints address and count of the bytes.
//! `throughline-split part IN LINKED PROFILE FIRST REST`: writes both modules.
//! `throughline-split strip FILE`: takes away names and all else that does not run.

use std::fs;

use anyhow::{Context as _, Result, bail};
use throughline_split::{part, strip, watch};

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
            let parts = part(&read(from)?, &read(profile)?, Some(&read(linked)?))?;
            fs::write(first, parts.first).with_context(|| format!("writing {first}"))?;
            fs::write(rest, parts.rest).with_context(|| format!("writing {rest}"))?;
            println!(
                "{} functions stay, {} and {} bytes of data are loaded later, {} stubs",
                parts.stayed, parts.gone, parts.data, parts.stubs
            );
        }
        ["strip", file] => {
            let stripped = strip(&read(file)?)?;
            fs::write(file, stripped).with_context(|| format!("writing {file}"))?;
        }
        _ => bail!("watch IN OUT, part IN LINKED PROFILE FIRST REST, or strip FILE"),
    }
    Ok(())
}

fn read(file: &str) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("reading {file}"))
}
