//! `throughline-split watch IN OUT`: prints address and count of the bytes.
//! `throughline-split part IN PROFILE FIRST REST`: writes both modules.

use std::fs;

use anyhow::{Context as _, Result, bail};
use throughline_split::{part, watch};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["watch", from, to] => {
            let watched = watch(&read(from)?)?;
            fs::write(to, watched.wasm).with_context(|| format!("writing {to}"))?;
            println!("{} {}", watched.address, watched.count);
        }
        ["part", from, profile, first, rest] => {
            let parts = part(&read(from)?, &read(profile)?)?;
            fs::write(first, parts.first).with_context(|| format!("writing {first}"))?;
            fs::write(rest, parts.rest).with_context(|| format!("writing {rest}"))?;
            println!(
                "{} functions stay, {} are loaded later, {} stubs",
                parts.stayed, parts.gone, parts.stubs
            );
        }
        _ => bail!("watch IN OUT, or part IN PROFILE FIRST REST"),
    }
    Ok(())
}

fn read(file: &str) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("reading {file}"))
}
