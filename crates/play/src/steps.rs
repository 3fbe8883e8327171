//! A script, statement by statement.

use serde_json::{Value as Json, json};

use crate::Project;
use crate::queries::statement;

/// The steps of a script with what each printed, gave and sent, and whether it came to its end.
pub fn steps(project: &Project, source: &str) -> (Json, bool) {
    let database = project.database();
    let mut script = project.script(&database);
    let world = script.world.clone();
    let mut steps = Vec::new();
    let mut well = true;
    script.machine.run_script(source, &mut |machine, step| {
        let repr = step.value.as_ref().and_then(|value| machine.repr(value).ok());
        let exception = step.ended.as_ref().map(|ended| {
            let class = ended
                .class
                .as_ref()
                .map_or_else(|| "Refused".to_owned(), |class| class.name.to_string());
            json!({ "type": class, "message": ended.message })
        });
        well &= exception.is_none();
        let text = source.get(step.span.start as usize..step.span.end as usize).unwrap_or_default();
        let sql: Vec<Json> =
            world.take_sent().iter().map(|sent| statement(project.runtime, sent)).collect();
        steps.push(json!({
            "source": text,
            "stdout": step.stdout,
            "repr": repr,
            "exception": exception,
            "sql": sql,
        }));
    });
    (json!({ "steps": steps }), well)
}
