//! Every stage on one source, and what is made of its results. Panics where a result is not sound.

use throughline_core::convert::{self, Names};
use throughline_core::sql::{Dialect, ddl};
use throughline_core::{analyze, compare, export, orm, paste};

/// All stages of all ORMs, repair of pastes and recognition.
#[allow(dead_code, reason = "two programs share this file, and one of them chooses the ORM itself")]
pub(crate) fn all(source: &str) {
    for orm in orm::ALL {
        of(*orm, source);
        writing(*orm, source);
    }
    let _ = orm::recognise(source);
    let repaired = paste::repair(source);
    let _ = orm::recognise(&repaired.source);
}

/// All stages of one ORM.
pub(crate) fn of(orm: &'static dyn orm::Orm, source: &str) {
    let analysis = analyze(orm, source);
    let spans = analysis
        .document
        .models
        .iter()
        .flat_map(|model| model.fields.iter().map(|field| field.span).chain([model.span]));
    for span in spans.chain(analysis.diagnostics.iter().map(|diagnostic| diagnostic.span)) {
        assert!(
            span.start <= span.end && source.get(span.start as usize..span.end as usize).is_some(),
            "{span:?} lies outside of\n{source}"
        );
    }
    assert!(
        !ddl(&analysis.tables, Dialect::Engine).is_empty() || analysis.tables.tables.is_empty()
    );
    assert!(export::inspect(orm, &analysis).is_object());
}

/// What is written from the results: fixes, other ORMs' models, other databases' SQL, the comparison.
#[allow(dead_code, reason = "as above")]
pub(crate) fn writing(orm: &'static dyn orm::Orm, source: &str) {
    let analysis = analyze(orm, source);
    for diagnostic in &analysis.diagnostics {
        for fix in &diagnostic.fixes {
            let fixed = throughline_core::edit::apply(source, &fix.edits);
            let _ = orm.read(&fixed);
        }
    }
    for dialect in Dialect::ALL {
        let _ = analysis.ddl(dialect);
    }
    for to in orm::ALL {
        let _ = convert::convert(orm, &analysis, *to, Names::Keep);
    }
    let _ = compare::compare(orm, source, &analysis);
}
