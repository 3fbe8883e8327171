//! Texts as tutorials have them, pasted one after the other: what the real ORM says of each stands among the problems.
//!
//! The texts are the recorded cases of the conformance tests, where the rest of what the ORM makes of them is held.

use anyhow::{Context, Result, ensure};
use throughline_e2e::pages::{diagram, problems, source};
use throughline_e2e::{Flow, Look};

use crate::orms::until_orm;
use crate::page::FIRST;

/// A text, whose it is, what is said of it, and how many generated through tables the diagram shows, where it is sound.
struct Lesson {
    orm: &'static str,
    text: &'static str,
    says: &'static [&'static str],
    throughs: usize,
}

macro_rules! lesson {
    ($orm:literal, $case:literal, $says:expr, $throughs:expr) => {
        Lesson {
            orm: $orm,
            text: include_str!(concat!("../../../conformance/fixtures/", $case, "/models.py")),
            says: &$says,
            throughs: $throughs,
        }
    };
}

const LESSONS: &[Lesson] = &[
    lesson!(
        "Tortoise",
        "tortoise/305-lesson-many-to-many",
        [
            "backward relation \"clubs\" duplicates in model Person",
            "`pk` is deprecated",
            "personclub"
        ],
        0
    ),
    lesson!("Tortoise", "tortoise/306-lesson-one-to-many", ["nothing is declared"], 0),
    lesson!("Tortoise", "tortoise/307-lesson-other-side", [], 1),
    lesson!(
        "Tortoise",
        "tortoise/308-lesson-through-model",
        ["Pairs of \"player_team\" are not unique."],
        0
    ),
    lesson!(
        "ormar",
        "ormar/301-lesson-old-imports",
        ["No module named 'databases'", "class Meta"],
        0
    ),
    lesson!(
        "ormar",
        "ormar/302-lesson-model-meta",
        ["module 'ormar' has no attribute 'ModelMeta'"],
        0
    ),
    lesson!("ormar", "ormar/303-lesson-default-through", [], 1),
    lesson!(
        "ormar",
        "ormar/305-lesson-two-relations-one-model",
        ["Multiple fields declared on Crossing model leading to Harbour"],
        0
    ),
    lesson!(
        "ormar",
        "ormar/309-lesson-relations-in-through",
        ["Through Models cannot have explicit relations defined"],
        0
    ),
    lesson!(
        "Peewee",
        "peewee/301-lesson-database-on-one-model",
        ["Query must be bound to a database"],
        0
    ),
    lesson!(
        "Peewee",
        "peewee/302-lesson-class-again",
        ["Cannot find foreign-key to \"<Model: Person>\" on \"<Model: Entry>\" model."],
        0
    ),
    lesson!(
        "Peewee",
        "peewee/303-lesson-deferred-key-does-not-help",
        ["Cannot find foreign-key to \"<Model: Person>\" on \"<Model: Entry>\" model."],
        0
    ),
    lesson!(
        "Peewee",
        "peewee/304-lesson-deferred-through",
        ["Entry may hold a pair more than once"],
        0
    ),
    lesson!(
        "Django",
        "django/410-lesson-scattered-lines",
        ["expected an indented block after class definition on line 4"],
        0
    ),
    lesson!("Django", "django/411-lesson-generated-through", [], 1),
    lesson!(
        "Django",
        "django/413-lesson-both-in-one-file",
        [
            "Model 'app.reader' was already registered",
            "Model 'app.magazine' was already registered"
        ],
        0
    ),
    lesson!("Django", "django/414-lesson-related-name", [], 1),
];

pub(crate) async fn what_tutorials_say_is_put_right(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    diagram::until_models(&page, FIRST).await?;
    for lesson in LESSONS {
        let first = lesson.text.lines().find(|line| line.starts_with("class ")).unwrap_or_default();
        source::paste(&page, lesson.text).await?;
        source::until_contains(&page, first).await?;
        until_orm(&page, lesson.orm).await.context(first)?;
        for says in lesson.says {
            problems::until_one_explains(&page, says).await.context(first)?;
        }
        if lesson.says.is_empty() {
            let said = problems::all(&page).await?;
            ensure!(said.is_empty(), "`{first}` is found wrong: {said:?}");
            let shown = diagram::through_tables(&page).await?;
            ensure!(shown.len() == lesson.throughs, "`{first}` has the through tables {shown:?}");
        }
    }
    Ok(())
}
