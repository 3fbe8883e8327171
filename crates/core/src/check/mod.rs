//! Stage 3: what is wrong, said as a good compiler says it.

mod diagnostic;
pub mod rules;

pub use diagnostic::{Cause, Context, Diagnostic, Fix, Rule, Severity, Stage, Subject};

use crate::document::Document;
use crate::orm::Orm;
use crate::resolve::Resolved;

/// Runs the ORM's rules; the result is in source order.
pub fn run(orm: &dyn Orm, source: &str, document: &Document, resolved: &Resolved) -> Vec<Diagnostic> {
    let context = Context { orm, source, document, resolved };
    let mut found = Vec::new();
    for rule in orm.rules() {
        (rule.check)(&context, &mut found);
    }
    found.sort_by_key(|diagnostic: &Diagnostic| (diagnostic.span, diagnostic.severity));
    found
}
