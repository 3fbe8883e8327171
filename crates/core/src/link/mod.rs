//! A project, and the link that carries all of it: `#1.` and base64url of the compressed project.

mod container;
mod pack;
mod project;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use crc::{CRC_16_IBM_3740, Crc};

pub use project::{Place, Project};

/// Why a link cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It is not one of ours.
    NotALink,
    /// It was made by a newer version.
    Newer,
    /// It was cut short or changed on the way.
    Broken,
    /// It would unpack to more than a project may hold.
    TooLarge,
}

impl std::fmt::Display for LinkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotALink => "This address carries no project.",
            Self::Newer => "This link was made by a newer version of Throughline.",
            Self::Broken => "This link is damaged: part of it is missing or was changed on the way. Ask for it again, and copy it whole.",
            Self::TooLarge => "This link unpacks to more than a project may hold.",
        })
    }
}

impl std::error::Error for LinkError {}

/// The largest project that a link may hold, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// The version that [`encode`] writes.
const VERSION: &str = "1";

/// Tells a damaged link before anything is unpacked. Any change within three neighbouring characters is found.
const CHECKSUM: Crc<u16> = Crc::<u16>::new(&CRC_16_IBM_3740);

/// The fragment without `#`: `1.` and base64url of a checksum and the compressed project.
///
/// A project of more than [`MAX_BYTES`] gets a link that [`decode`] refuses as too large.
pub fn encode(project: &Project) -> String {
    let packed = pack::pack(&container::write(project));
    let mut bytes = CHECKSUM.checksum(&packed).to_be_bytes().to_vec();
    bytes.extend_from_slice(&packed);
    format!("{VERSION}.{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// A project from a fragment, with or without `#`. Bounded in size; never trusts what it reads.
///
/// # Errors
/// [`LinkError`].
pub fn decode(fragment: &str) -> Result<Project, LinkError> {
    decode_within(fragment, MAX_BYTES)
}

fn decode_within(fragment: &str, limit: usize) -> Result<Project, LinkError> {
    let fragment = fragment.trim();
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let (version, text) = fragment.split_once('.').ok_or(LinkError::NotALink)?;
    if version.is_empty()
        || version.len() > 4
        || !version.bytes().all(|byte| byte.is_ascii_digit())
        || version.starts_with('0')
    {
        return Err(LinkError::NotALink);
    }
    if version != VERSION {
        return Err(LinkError::Newer);
    }
    // Compression never doubles a text, and base64 adds a third.
    if text.len() > MAX_BYTES * 3 {
        return Err(LinkError::TooLarge);
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| LinkError::Broken)?;
    let (sum, packed) = bytes.split_first_chunk::<2>().ok_or(LinkError::Broken)?;
    if CHECKSUM.checksum(packed) != u16::from_be_bytes(*sum) {
        return Err(LinkError::Broken);
    }
    let mut unpacker = pack::Unpacker::new(packed, limit)?;
    container::read(|| unpacker.next())
}

#[cfg(test)]
mod tests;
