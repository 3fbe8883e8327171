//! Not a test of anything: `cargo xtask bench` runs it to measure the core in wasm.

#![cfg(all(target_arch = "wasm32", feature = "bench"))]
#![allow(clippy::unwrap_used, reason = "these are tests, which clippy knows by #[test] alone")]

use std::hint::black_box;

use throughline_core::{analyze, orm};
use throughline_web::models_source;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// After so many runs the worst twentieth means something.
const RUNS: usize = 60;

#[wasm_bindgen_test]
fn analysis() {
    let clock = web_sys::window().unwrap().performance().unwrap();
    for orm in orm::ALL.iter().copied() {
        for count in [10, 100, 1000] {
            let source = models_source(orm, count);
            let mut times: Vec<f64> = (0..RUNS)
                .map(|run| {
                    // Every run reads another text, as after a keystroke.
                    let source = format!("{source}# {run}");
                    let start = clock.now();
                    let analysis = analyze(orm, black_box(&source));
                    let time = clock.now() - start;
                    black_box(analysis);
                    time
                })
                .collect();
            times.sort_by(f64::total_cmp);
            let at = |share: usize| times[times.len() * share / 100];
            console_log!(
                "BENCH core, {}: from source to diagnostics and tables | {count} | {:.1} | {:.1} | {:.1}",
                orm.profile().title,
                at(0),
                at(50),
                at(95)
            );
        }
    }
}
