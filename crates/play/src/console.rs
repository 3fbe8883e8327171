//! A script as the console runs it: each statement with its value, what it sent, and what that changed.

use std::rc::Rc;

use throughline_core::Span;
use throughline_core::live::Models;
use throughline_engine::{Answer, Session, TableChange};
use throughline_script::assist::Assist;
use throughline_script::value::Class;
use throughline_script::world::World;
use throughline_script::{Cell, Described, Script, Sent};

use crate::transcript::{Example, Shown, agrees, examples};
use crate::{Noted, Project, Shared};

/// A script's names and the database that they stand on. What one run has named, the next may use.
pub struct Console {
    /// The models.
    pub project: Project,
    script: Script,
    database: Shared,
    clock: fn() -> f64,
}

/// A statement of a script that was run.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Where it stands.
    pub span: Span,
    /// What it printed.
    pub printed: String,
    /// The `repr` of its value; none where that is `None`.
    pub value: Option<String>,
    /// Of a transcript: what it says that is shown, and whether it is.
    pub expected: Option<(String, bool)>,
    /// What ended it early.
    pub ended: Option<Ended>,
    /// What it sent, in order.
    pub sent: Vec<Statement>,
    /// The rows that it changed.
    pub changes: Vec<TableChange>,
    /// How long it took, in milliseconds.
    pub millis: f64,
}

/// What ended a statement early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The exception's class; `None` for what is refused, and for a limit that was met.
    pub class: Option<String>,
    /// Its classes, the exception's own first.
    pub lineage: Vec<String>,
    /// What it says.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
}

/// An SQL statement that was sent.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its text, with a mark for each parameter.
    pub sql: String,
    /// Its parameters.
    pub params: Vec<Cell>,
    /// What it gave, or why it did not run.
    pub result: Result<Answer, String>,
    /// How long the engine took, in milliseconds.
    pub millis: f64,
}

impl Console {
    /// For models, on a database that has their tables. `clock` gives milliseconds.
    pub fn new(project: Project, database: &Shared, clock: fn() -> f64) -> Self {
        let database = database.watched(clock);
        let script = project.script(&database);
        database.take_noted();
        Self { project, script, database, clock }
    }

    /// Forgets the names of earlier runs.
    pub fn forget(&mut self) {
        self.script = self.project.script(&self.database);
        self.database.take_noted();
    }

    /// What can be said of scripts on these models without running them.
    pub fn assist(&self) -> Assist {
        Assist::new(self.project.runtime, &self.script.world)
    }

    /// What can be said of scripts on other models: the same ones, written for another ORM. `None` where its calls cannot be run.
    pub fn assist_in(models: &Models) -> Option<Assist> {
        let runtime = throughline_script::orm::by_id(&models.orm)?;
        let database = Shared::new(Session::new());
        Some(Assist::new(runtime, &World::new(models, Box::new(database))))
    }

    /// Runs a script; `each` is told of every statement as it is done. A transcript is run to its end, whatever its statements raise.
    pub fn run(&mut self, source: &str, each: &mut dyn FnMut(Ran)) {
        let Self { script, database, clock, .. } = self;
        let Some(examples) = examples(source) else {
            script.machine.echo = false;
            return run(script, database, *clock, source, each);
        };
        script.machine.echo = true;
        for Example { source, expected, span } in examples {
            let mut all = Ran::nothing(span);
            run(script, database, *clock, &source, &mut |ran| all.then(ran));
            let raised = all
                .ended
                .as_ref()
                .and_then(|ended| Some((ended.class.as_deref()?, ended.message.as_str())));
            let text = all.text();
            let agrees = agrees(&expected, &Shown { text: &text, raised });
            all.expected = Some((expected, agrees));
            each(all);
        }
    }

    /// Runs another script without any names, on the same database; the names of this one stay.
    pub fn run_apart(&self, source: &str) -> Vec<Ran> {
        let mut all = Vec::new();
        let mut script = self.project.script(&self.database);
        self.database.take_noted();
        run(&mut script, &self.database, self.clock, source, &mut |ran| all.push(ran));
        all
    }
}

fn run(
    script: &mut Script,
    database: &Shared,
    clock: fn() -> f64,
    source: &str,
    each: &mut dyn FnMut(Ran),
) {
    let world = script.world.clone();
    script.machine.renew();
    let mut began = clock();
    script.machine.run_script(source, &mut |machine, step| {
        // Writing a value may fetch it, so it comes before what was sent is looked at.
        let written = step.value.as_ref().map(|value| machine.repr(value));
        let unwritten = match &written {
            Some(Err(raised)) => machine.described(raised).ok(),
            Some(Ok(_)) | None => None,
        };
        let ended = step.ended.or(unwritten).map(Ended::from);
        let value = written.and_then(Result::ok).map(|text| text.to_string());
        let mut noted = database.take_noted();
        let changes: Vec<TableChange> =
            noted.iter_mut().flat_map(|noted| std::mem::take(&mut noted.changes)).collect();
        let sent = matched(world.take_sent(), noted);
        let now = clock();
        let millis = now - began;
        each(Ran {
            span: step.span,
            printed: step.stdout,
            value,
            expected: None,
            ended,
            sent,
            changes,
            millis,
        });
        began = clock();
    });
}

impl Ran {
    /// Nothing yet.
    fn nothing(span: Span) -> Self {
        Self {
            span,
            printed: String::new(),
            value: None,
            expected: None,
            ended: None,
            sent: Vec::new(),
            changes: Vec::new(),
            millis: 0.0,
        }
    }

    /// The next statement of the same line. Its places are those of the line.
    fn then(&mut self, next: Self) {
        self.printed = self.text() + &next.printed;
        self.value = next.value;
        self.ended = next.ended.map(|ended| Ended { span: None, ..ended });
        self.sent.extend(next.sent);
        self.changes.extend(next.changes);
        self.millis += next.millis;
    }

    /// What stands on the screen.
    fn text(&self) -> String {
        match &self.value {
            Some(value) => format!("{}{value}\n", self.printed),
            None => self.printed.clone(),
        }
    }
}

impl From<Described> for Ended {
    fn from(described: Described) -> Self {
        let lineage = |class: &Rc<Class>| {
            let classes = std::iter::once(class).chain(&class.mro);
            classes.map(|class| class.name.to_string()).collect()
        };
        Self {
            lineage: described.class.as_ref().map(lineage).unwrap_or_default(),
            class: described.class.map(|class| class.name.to_string()),
            message: described.message,
            span: described.span,
        }
    }
}

/// What an ORM shows as sent, with what the engine noted of it. Save points are noted only, and a statement may be shown that was never run by itself.
fn matched(sent: Vec<Sent>, noted: Vec<Noted>) -> Vec<Statement> {
    let mut noted: Vec<Option<Noted>> = noted.into_iter().map(Some).collect();
    let mut from = 0;
    let mut answer_to = |sql: &str, params: &[Cell]| {
        let is = |noted: &&mut Option<Noted>| {
            noted.as_ref().is_some_and(|noted| noted.sql == sql && noted.params == params)
        };
        let (at, found) = noted.iter_mut().enumerate().skip(from).find(|(_, noted)| is(noted))?;
        from = at + 1;
        found.take().map(|noted| (noted.result, noted.millis))
    };
    let statement = |Sent { sql, params }: Sent| {
        let (result, millis) = answer_to(&sql, &params).unwrap_or((Ok(Answer::Done), 0.0));
        Statement { sql, params, result, millis }
    };
    sent.into_iter().map(statement).collect()
}

#[cfg(test)]
mod tests {
    use throughline_core::orm;

    use super::*;
    use crate::Local;

    const MODELS: &str = "
from django.db import models

class Blog(models.Model):
    name = models.CharField(max_length=20, unique=True)

    def __str__(self):
        return self.name

class Entry(models.Model):
    blog = models.ForeignKey(Blog, on_delete=models.CASCADE)
    title = models.CharField(max_length=20)
";

    fn console() -> Console {
        let now = chrono::NaiveDateTime::default();
        let local = Local::new(orm::by_id("django").unwrap(), MODELS.into(), now).unwrap();
        let database = local.database();
        Console::new(local.project, &database, || 0.0)
    }

    fn run(console: &mut Console, source: &str) -> Vec<Ran> {
        let mut all = Vec::new();
        console.run(source, &mut |ran| all.push(ran));
        all
    }

    #[test]
    fn each_statement_has_its_value_its_sql_and_its_changes() {
        let mut console = console();
        let ran =
            run(&mut console, "b = Blog.objects.create(name='A')\nBlog.objects.all()\nprint(b)");
        assert_eq!(ran.len(), 3);
        assert_eq!(
            (ran[0].changes[0].table.as_str(), ran[0].changes[0].inserted.len()),
            ("app_blog", 1)
        );
        assert!(ran[0].sent[0].sql.starts_with("INSERT") && !ran[0].sent[0].params.is_empty());
        assert_eq!(ran[1].value.as_deref(), Some("<QuerySet [<Blog: A>]>"));
        assert!(matches!(&ran[1].sent[0].result, Ok(Answer::Rows { rows, .. }) if rows.len() == 1));
        assert_eq!((ran[2].printed.as_str(), ran[2].sent.len()), ("A\n", 0));
    }

    #[test]
    fn names_stay_until_they_are_forgotten() {
        let mut console = console();
        run(&mut console, "b = Blog.objects.create(name='A')");
        assert_eq!(run(&mut console, "b.name")[0].value.as_deref(), Some("'A'"));
        console.forget();
        let ended = run(&mut console, "b.name")[0].ended.clone().unwrap();
        assert_eq!(ended.class.as_deref(), Some("NameError"));
    }

    #[test]
    fn transcripts_go_on_and_are_compared() {
        let text = ">>> Blog.objects.create(name='A')\n<Blog: A>\n>>> Blog.objects.get(name='B')\nTraceback (most recent call last):\nDoesNotExist: Blog matching query does not exist.\n>>> 1 + 1\n3\n";
        let ran = run(&mut console(), text);
        let agrees: Vec<bool> = ran.iter().map(|ran| ran.expected.as_ref().unwrap().1).collect();
        assert_eq!(agrees, [true, true, false]);
        let span = ran[2].span;
        assert_eq!(&text[span.start as usize..span.end as usize], ">>> 1 + 1");
    }

    #[test]
    fn what_ends_a_statement_says_its_classes() {
        let mut console = console();
        let ran = run(&mut console, "Blog.objects.get(name='B')\nprint('never')");
        assert_eq!(ran.len(), 1);
        let ended = ran[0].ended.clone().unwrap();
        assert_eq!(ended.class.as_deref(), Some("DoesNotExist"));
        assert!(ended.lineage.iter().any(|class| class == "ObjectDoesNotExist"), "{ended:?}");
    }
}
