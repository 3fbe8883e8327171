//! All that is derived from one models text, in stage order.

use crate::check::{self, Diagnostic};
use crate::document::Document;
use crate::orm::Orm;
use crate::resolve::{self, Resolved};
use crate::tables::{self, Tables};

/// The stages' results for one source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// What the source declares.
    pub document: Document,
    /// What the ORM makes of it.
    pub resolved: Resolved,
    /// What is wrong with it, in source order.
    pub diagnostics: Vec<Diagnostic>,
    /// Its tables.
    pub tables: Tables,
}

/// Runs read, resolve, check and lower. Never fails: broken source gives what could be kept, and diagnostics.
pub fn analyze(orm: &dyn Orm, source: &str) -> Analysis {
    let document = orm.read(source);
    let resolved = resolve::resolve(orm, &document);
    let diagnostics = check::run(orm, source, &document, &resolved);
    let tables = tables::lower(orm, &document, &resolved);
    Analysis { document, resolved, diagnostics, tables }
}
