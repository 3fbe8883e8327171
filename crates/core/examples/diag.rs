use throughline_core::{check::*, *};
fn main() {
    let file = std::env::args().last().unwrap();
    let source = std::fs::read_to_string(file).unwrap();
    let orm = orm::by_id("django").unwrap();
    let document = orm.read(&source);
    let resolved = resolve::resolve(orm, &document);
    let diags = check::run(orm, &source, &document, &resolved);
    let index = document::LineIndex::new(&source);
    let list: Vec<_> = diags.iter().map(|d| serde_json::json!({
        "level": match (d.severity, d.exception) { (Severity::Error, Some(_)) => "exception", (Severity::Error, _) => "error", (Severity::Warning, _) => "warning", _ => "advice"},
        "stage": d.stage.word(), "id": d.id, "exception": d.exception, "object": d.object, "msg": d.message, "hint": d.hint,
        "rule": d.rule, "title": d.cause.title, "span": d.span.text(&source), "line": index.line(d.span.start), "fixes": d.fixes.iter().map(|f| f.title.clone()).collect::<Vec<_>>(),
    })).collect();
    let ok = !diags.iter().any(|d| d.severity == Severity::Error);
    println!(
        "{}",
        serde_json::to_string_pretty(
            &serde_json::json!({"orm":"django","ok":ok,"diagnostics":list})
        )
        .unwrap()
    );
}
