//! The core, where it runs for users: in wasm.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "these are tests, which clippy knows by #[test] alone")]

use throughline_core::{analyze, orm};
use throughline_web::models_source;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn every_orm_reads_half_a_file() {
    for orm in orm::ALL.iter().copied() {
        let source = models_source(orm, 5);
        // An ORM's opening text may have a base class of its own.
        let bases = analyze(orm, orm.skeleton()).document.models.len();
        for end in (0..source.len()).filter(|end| source.is_char_boundary(*end)).step_by(97) {
            let analysis = analyze(orm, source.get(..end).unwrap());
            assert!(analysis.document.models.len() <= bases + 5, "{}", orm.profile().title);
        }
    }
}

#[wasm_bindgen_test]
fn a_long_file_is_read_whole() {
    let django = orm::by_id("django").unwrap();
    let analysis = analyze(django, &models_source(django, 300));
    assert_eq!(analysis.document.models.len(), 300);
    // One table for each model, and one for each many-to-many: the first model has none.
    assert_eq!(analysis.tables.tables.len(), 599);
    assert_eq!(analysis.diagnostics, []);
}

/// The browser normalises names there: `crates/patches/unicode_normalization`.
#[wasm_bindgen_test]
fn names_are_normalised() {
    let django = orm::by_id("django").unwrap();
    let source = "from django.db import models\n\n\nclass Entry(models.Model):\n    ﬁeld = models.TextField()\n";
    let analysis = analyze(django, source);
    let fields = &analysis.document.models.first().unwrap().fields;
    assert!(fields.iter().any(|field| field.name.text == "field"), "{fields:?}");
}
