//! Where the project's files are, and what state they are in.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::io;
use std::path::{Path, PathBuf};

/// Folders that are made, not written.
const GENERATED: &[&str] = &["target", "dist", "node_modules", ".tools", ".git"];

/// The folder of the editor's npm package, which esbuild bundles into [`EDITOR_BUNDLE`].
pub const EDITOR: &str = "editor";

/// Where the bundled editor goes; made, not written.
pub const EDITOR_BUNDLE: &str = "public/editor";

/// The project's top folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where the app is built to.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Every written file below `parts` (relative to the top), in a stable order, as paths relative to the top.
/// A part may be a file; one that is not there is passed over.
///
/// # Errors
/// A folder that cannot be read.
pub fn files(parts: &[&str]) -> io::Result<Vec<PathBuf>> {
    let root = root();
    let mut found = Vec::new();
    for part in parts {
        collect(&root, &root.join(part), &mut found)?;
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn collect(root: &Path, path: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let relative = path.strip_prefix(root).unwrap_or(path);
    if path.is_file() {
        found.push(relative.to_owned());
    } else if path.is_dir() && relative != Path::new(EDITOR_BUNDLE) {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let generated = GENERATED.iter().any(|name| entry.file_name() == *name);
            // A link could lead out of the project (or in a circle).
            if !generated && !entry.file_type()?.is_symlink() {
                collect(root, &entry.path(), found)?;
            }
        }
    }
    Ok(())
}

/// A number that changes when a file below `parts` is added, removed, renamed or changed.
///
/// # Errors
/// A file that cannot be read.
pub fn fingerprint(parts: &[&str]) -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for file in files(parts)? {
        hasher.write(file.as_os_str().as_encoded_bytes());
        hasher.write(&[0]);
        let content = fs::read(root().join(&file))?;
        hasher.write_usize(content.len());
        hasher.write(&content);
    }
    Ok(hasher.finish())
}

/// The version of a crate in `Cargo.lock`.
pub fn locked_version(crate_name: &str) -> Option<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).ok()?;
    let wanted = format!("name = \"{crate_name}\"");
    let mut lines = lock.lines().skip_while(|line| *line != wanted);
    lines.next()?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}
