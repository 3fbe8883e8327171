//! A project as bytes: only the members that say something, each a tag, UTF-8 text and an end mark.

use super::{LinkError, Place, Project};

/// Ends each member, and stands where a tag would to end the whole. UTF-8 never contains it.
pub(super) const END: u8 = 0xFF;

pub(super) const ORM: u8 = b'o';
pub(super) const TITLE: u8 = b't';
pub(super) const NOTES: u8 = b'n';
pub(super) const PLACE: u8 = b'p';
pub(super) const ROWS: u8 = b'r';
pub(super) const SCRIPT: u8 = b's';
pub(super) const SQL: u8 = b'q';
pub(super) const MODELS: u8 = b'm';

/// The ORM that goes without saying in version 1.
const DEFAULT_ORM: &str = "django";

/// Writes a project.
pub(super) fn write(project: &Project) -> Vec<u8> {
    let mut out = Vec::with_capacity(project.models.len() + 64);
    let mut put = |tag: u8, text: &str| {
        out.push(tag);
        out.extend_from_slice(text.as_bytes());
        out.push(END);
    };
    if project.orm != DEFAULT_ORM {
        put(ORM, &project.orm);
    }
    for (name, Place { x, y }) in &project.layout {
        put(PLACE, &format!("{x} {y} {name}"));
    }
    let texts = [
        (TITLE, &project.title),
        (NOTES, &project.notes),
        (ROWS, &project.rows),
        (SCRIPT, &project.script),
        (SQL, &project.sql),
        (MODELS, &project.models),
    ];
    for (tag, text) in texts {
        if !text.is_empty() {
            put(tag, text);
        }
    }
    out.push(END);
    out
}

/// Reads what [`write`] wrote, byte by byte, until its end mark.
pub(super) fn read(mut next: impl FnMut() -> Result<u8, LinkError>) -> Result<Project, LinkError> {
    let mut project = Project { orm: DEFAULT_ORM.into(), ..Project::default() };
    loop {
        let tag = next()?;
        if tag == END {
            return Ok(project);
        }
        let mut bytes = Vec::new();
        loop {
            match next()? {
                END => break,
                byte => bytes.push(byte),
            }
        }
        let text = String::from_utf8(bytes).map_err(|_| LinkError::Broken)?;
        match tag {
            ORM => project.orm = text,
            TITLE => project.title = text,
            NOTES => project.notes = text,
            ROWS => project.rows = text,
            SCRIPT => project.script = text,
            SQL => project.sql = text,
            MODELS => project.models = text,
            PLACE => {
                let (name, place) = read_place(&text).ok_or(LinkError::Broken)?;
                project.layout.insert(name, place);
            }
            _ => return Err(LinkError::Broken),
        }
    }
}

fn read_place(text: &str) -> Option<(String, Place)> {
    let mut parts = text.splitn(3, ' ');
    let x = parts.next()?.parse().ok()?;
    let y = parts.next()?.parse().ok()?;
    Some((parts.next()?.to_string(), Place { x, y }))
}
