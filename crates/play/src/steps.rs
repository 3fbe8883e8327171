//! A script, statement by statement.

use serde_json::{Map, Value as Json, json};
use throughline_script::{Machine, Script, Step};

use crate::queries::statement;
use crate::transcript::{Example, Shown, agrees, examples};
use crate::{Local, Project};

/// The steps of a script with what each printed, gave and sent, and whether it came to its end. A script stops at the first statement
/// that raises. A transcript, as a Python prompt shows it, goes on as a prompt does; each of its steps also has what the transcript says
/// that it shows, and whether it does. It ends well where all of it agrees.
pub fn steps(local: &Local, source: &str) -> (Json, bool) {
    let project = &local.project;
    let database = local.database();
    let mut script = project.script(&database);
    let (steps, well) = match examples(source) {
        Some(examples) => transcript(project, &mut script, &examples),
        None => statements(project, &mut script, source),
    };
    let mut out = Map::new();
    out.insert("steps".into(), Json::Array(steps));
    let notes = project.notes();
    if !notes.is_empty() {
        out.insert("notes".into(), json!(notes));
    }
    (Json::Object(out), well)
}

fn statements(project: &Project, script: &mut Script, source: &str) -> (Vec<Json>, bool) {
    let world = script.world.clone();
    let mut steps = Vec::new();
    let mut well = true;
    script.machine.run_script(source, &mut |machine, step| {
        let shown = Showing::of(machine, &step);
        well &= shown.exception.is_none();
        let text = source.get(step.span.start as usize..step.span.end as usize).unwrap_or_default();
        let sent = world.take_sent();
        let sql = sent.iter().map(|sent| statement(project.runtime, sent)).collect();
        steps.push(Json::Object(shown.json(text, sql)));
    });
    (steps, well)
}

fn transcript(project: &Project, script: &mut Script, examples: &[Example]) -> (Vec<Json>, bool) {
    let world = script.world.clone();
    script.machine.echo = true;
    let mut steps = Vec::new();
    let mut well = true;
    for example in examples {
        let mut shown = Showing::default();
        script.machine.run_script(&example.source, &mut |machine, step| {
            shown.then(Showing::of(machine, &step));
        });
        let text = shown.text();
        let raised = shown.exception.as_ref().map(|(class, message)| (&**class, &**message));
        let agrees = agrees(&example.expected, &Shown { text: &text, raised });
        well &= agrees;
        let sent = world.take_sent();
        let sql = sent.iter().map(|sent| statement(project.runtime, sent)).collect();
        let mut step = shown.json(&example.source, sql);
        step.insert("expected".into(), json!(example.expected));
        step.insert("agrees".into(), json!(agrees));
        steps.push(Json::Object(step));
    }
    (steps, well)
}

/// What a step shows.
#[derive(Default)]
struct Showing {
    stdout: String,
    repr: Option<String>,
    exception: Option<(String, String)>,
}

impl Showing {
    fn of(machine: &mut Machine, step: &Step) -> Self {
        let exception = step.ended.as_ref().map(|ended| {
            let class = ended.class.as_ref();
            let class = class.map_or_else(|| "Refused".to_owned(), |class| class.name.to_string());
            (class, ended.message.clone())
        });
        let repr = step.value.as_ref().map(|value| machine.repr(value));
        match repr {
            Some(Err(raised)) => {
                let (class, message) = crate::queries::said(machine, &raised);
                Self { stdout: step.stdout.clone(), repr: None, exception: Some((class, message)) }
            }
            Some(Ok(repr)) => {
                Self { stdout: step.stdout.clone(), repr: Some(repr.to_string()), exception }
            }
            None => Self { stdout: step.stdout.clone(), repr: None, exception },
        }
    }

    /// The next statement of the same line.
    fn then(&mut self, next: Self) {
        self.stdout = self.text() + &next.stdout;
        self.repr = next.repr;
        self.exception = next.exception;
    }

    /// What stands on the screen.
    fn text(&self) -> String {
        match &self.repr {
            Some(repr) => format!("{}{repr}\n", self.stdout),
            None => self.stdout.clone(),
        }
    }

    fn json(&self, source: &str, sql: Vec<Json>) -> Map<String, Json> {
        let exception = self
            .exception
            .as_ref()
            .map(|(class, message)| json!({ "type": class, "message": message }));
        let mut out = Map::new();
        out.insert("source".into(), json!(source));
        out.insert("stdout".into(), json!(self.stdout));
        out.insert("repr".into(), json!(self.repr));
        out.insert("exception".into(), json!(exception));
        out.insert("sql".into(), Json::Array(sql));
        out
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "JSON: a key that is missing is null")]
mod tests {
    use throughline_core::orm;

    use super::steps;
    use crate::Local;

    #[test]
    fn a_default_of_a_library_that_is_not_here_is_refused() {
        let cases = [
            (
                "django",
                "from django.db import models\nfrom mylib import token\nclass B(models.Model):\n    key = models.CharField(max_length=20, default=token)\n",
                "B.objects.create()",
            ),
            (
                "peewee",
                "from peewee import *\nfrom mylib import token\nclass B(Model):\n    key = CharField(default=token)\n    class Meta:\n        database = SqliteDatabase(':memory:')\n",
                "B.create()",
            ),
            (
                "tortoise",
                "from tortoise import fields\nfrom tortoise.models import Model\nfrom mylib import token\nclass B(Model):\n    id = fields.IntField(primary_key=True)\n    key = fields.CharField(max_length=20, default=token)\n",
                "await B.create()",
            ),
        ];
        for (id, models, script) in cases {
            let now = chrono::NaiveDateTime::default();
            let local = Local::new(orm::by_id(id).unwrap(), models.into(), now).unwrap();
            let (told, _) = steps(&local, script);
            let exception = &told["steps"][0]["exception"];
            assert_eq!(exception["type"], "Refused", "{id}: {told}");
            let message = exception["message"].as_str().unwrap_or_default();
            assert!(message.contains("`mylib.token` of the models file"), "{id}: {message}");
        }
    }
}
