//! Diagnostics as the editor shows them.

use throughline_core::{Diagnostic, Severity};

use super::offsets::Offsets;
use crate::platform::editor::Mark;

/// The word for a severity, in classes and icons.
const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "info",
    }
}

/// One mark per message.
pub(super) fn marks(diagnostics: &[Diagnostic], offsets: &Offsets) -> Vec<Mark> {
    let mark = |(message_index, diagnostic): (usize, &Diagnostic)| Mark {
        message_index,
        problem: diagnostic.cause.key.clone(),
        from: offsets.utf16(diagnostic.span.start),
        to: offsets.utf16(diagnostic.span.end),
        severity: word(diagnostic.severity),
        title: diagnostic.cause.title.clone(),
        message: diagnostic.message.clone(),
        ids: diagnostic.id.or(diagnostic.exception).into_iter().collect(),
        fixes: diagnostic.fixes.iter().map(|fix| fix.title.clone()).collect(),
    };
    diagnostics.iter().enumerate().map(mark).collect()
}
