//! A project, and the link that carries all of it: `#1.` and base64url of the compressed project.

mod project;

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

/// The fragment without `#`: `1.…`.
pub fn encode(project: &Project) -> String {
    let _ = project;
    String::new()
}

/// A project from a fragment, with or without `#`. Bounded in size; never trusts what it reads.
///
/// # Errors
/// [`LinkError`].
pub fn decode(fragment: &str) -> Result<Project, LinkError> {
    let _ = fragment;
    Err(LinkError::NotALink)
}
