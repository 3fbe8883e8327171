//! Which files are checked, and their text.

use std::path::{Path, PathBuf};

use super::super::Failure;

/// A text to check.
pub(super) struct Source {
    /// Where it is; `None` for standard input.
    pub(super) path: Option<PathBuf>,
    /// What it says, without its byte order mark.
    pub(super) text: String,
    /// Whether the file's bytes are just this text, so that it can be written back.
    pub(super) faithful: bool,
}

impl Source {
    /// What it is called in messages.
    pub(super) fn name(&self) -> String {
        self.path.as_ref().map_or_else(|| "<stdin>".into(), |path| path.display().to_string())
    }
}

/// Reads files, standard input for `-`, and every `models.py` below directories; each file once.
///
/// # Errors
/// [`Failure::File`] where a file cannot be read, or a directory holds no `models.py`: a check of nothing would pass unseen.
pub(super) fn read_all(paths: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut found = Vec::new();
            search(path, &mut found)?;
            if found.is_empty() {
                return Err(Failure::File(format!(
                    "there is no models.py below {}",
                    path.display()
                )));
            }
            found.sort();
            files.append(&mut found);
        } else {
            files.push(path.clone());
        }
    }
    let mut seen = std::collections::HashSet::new();
    files.retain(|file| seen.insert(file.clone()));
    files.iter().map(|file| read(file)).collect()
}

/// Adds every `models.py` below a directory. Hidden directories, virtual environments and what npm installed hold nobody's own
/// models; symbolic links are not followed, as they may lead in circles.
fn search(directory: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failure = |error| cannot_read(directory, &error);
    let mut pending = vec![directory.to_owned()];
    while let Some(directory) = pending.pop() {
        for entry in std::fs::read_dir(&directory).map_err(failure)? {
            let entry = entry.map_err(failure)?;
            let name = entry.file_name();
            let kind = entry.file_type().map_err(failure)?;
            if kind.is_dir() {
                let foreign = name.to_string_lossy().starts_with('.')
                    || name == "node_modules"
                    || name == "site-packages"
                    || entry.path().join("pyvenv.cfg").exists();
                if !foreign {
                    pending.push(entry.path());
                }
            } else if kind.is_file() && name == "models.py" {
                found.push(entry.path());
            }
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Source, Failure> {
    let standard_input = path == Path::new("-");
    let bytes = if standard_input {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let bytes = bytes.map_err(|error| cannot_read(path, &error))?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    let faithful = text.as_bytes() == bytes.as_slice();
    Ok(Source { path: (!standard_input).then(|| path.to_owned()), text, faithful })
}

fn cannot_read(path: &Path, error: &std::io::Error) -> Failure {
    Failure::File(format!("cannot read {}: {error}", path.display()))
}
