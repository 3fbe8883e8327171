//! Transcripts of a Python shell: `>>> `, `... `, and those of IPython.

use super::Trouble;
use super::scan::Open;
use super::text::{Text, sift};

/// What a line is in a transcript.
enum Said {
    /// After `>>> ` or `In [1]: `.
    Input(String),
    /// After `... `.
    More(String),
    /// What IPython answers.
    Output,
    Other,
}

/// Takes out prompts, and the answers between them.
pub(super) fn drop(text: &mut Text) -> Result<(), Trouble> {
    let mut open = Open::default();
    let mut running = false;
    let mut prompts = Vec::new();
    let answers = sift(&mut text.lines, &mut |line| {
        let said = if open.string.is_some() { Said::Other } else { said(&line.text) };
        let typed = match said {
            Said::Input(typed) => {
                running = true;
                typed
            }
            Said::More(typed) if running => typed,
            Said::Output if running => return false,
            Said::More(_) | Said::Output | Said::Other => {
                open = Open { brackets: 0, ..open.after(&line.text) };
                // An answer ends at a blank line; what comes then is prose, or code of its own.
                running = running && !line.is_blank();
                return !running;
            }
        };
        prompts.push(line.number);
        line.text = typed;
        true
    });
    text.note("Took out the prompts of a Python shell", &prompts);
    text.note("Left out what the shell answered", &answers);
    Ok(())
}

fn said(line: &str) -> Said {
    let bare = line.trim_start();
    if let Some(typed) = after(bare, ">>>") {
        return Said::Input(typed);
    }
    if let Some(typed) = after(bare, "...").or_else(|| after(bare, "...:")) {
        return Said::More(typed);
    }
    let numbered = |word: &str| {
        let rest = bare
            .strip_prefix(word)?
            .strip_prefix('[')?
            .trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ' ');
        rest.strip_prefix("]:")
    };
    match (numbered("In "), numbered("Out")) {
        (Some(typed), _) => Said::Input(typed.strip_prefix(' ').unwrap_or(typed).into()),
        (None, Some(_)) => Said::Output,
        (None, None) => Said::Other,
    }
}

/// What follows a prompt: it is followed by a blank or by nothing.
fn after(line: &str, prompt: &str) -> Option<String> {
    let rest = line.strip_prefix(prompt)?;
    if rest.is_empty() { Some(String::new()) } else { rest.strip_prefix(' ').map(Into::into) }
}
