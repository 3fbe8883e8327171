//! Texts as tutorials have them, pasted one after the other: what the real ORM says of each stands among the problems.
//!
//! The texts are the recorded cases of the conformance tests, where the rest of what the ORM makes of them is held.

use anyhow::{Context, Result, ensure};
use throughline_e2e::pages::{diagram, problems, source};
use throughline_e2e::{Flow, Look};

use crate::orms::until_orm;
use crate::page::FIRST;

/// A text, whose it is, what is said of it, and the generated through tables that the diagram shows, where it is sound.
struct Lesson {
    orm: &'static str,
    text: &'static str,
    says: &'static [&'static str],
    throughs: &'static [&'static str],
}

macro_rules! lesson {
    ($orm:literal, $case:literal, $says:expr, $throughs:expr) => {
        Lesson {
            orm: $orm,
            text: include_str!(concat!("../../../conformance/fixtures/", $case, "/models.py")),
            says: &$says,
            throughs: &$throughs,
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
        []
    ),
    lesson!("Tortoise", "tortoise/306-lesson-one-to-many", ["nothing is declared"], []),
    lesson!("Tortoise", "tortoise/307-lesson-other-side", [], ["player_team"]),
    lesson!(
        "Tortoise",
        "tortoise/308-lesson-through-model",
        ["Pairs of \"player_team\" are not unique."],
        []
    ),
    lesson!(
        "ormar",
        "ormar/301-lesson-old-imports",
        ["No module named 'databases'", "class Meta"],
        []
    ),
    lesson!(
        "ormar",
        "ormar/302-lesson-model-meta",
        ["module 'ormar' has no attribute 'ModelMeta'"],
        []
    ),
    lesson!("ormar", "ormar/303-lesson-default-through", [], ["PictureStyle"]),
    lesson!(
        "ormar",
        "ormar/305-lesson-two-relations-one-model",
        ["Multiple fields declared on Crossing model leading to Harbour"],
        []
    ),
    lesson!(
        "ormar",
        "ormar/309-lesson-relations-in-through",
        ["Through Models cannot have explicit relations defined"],
        []
    ),
    lesson!(
        "Peewee",
        "peewee/301-lesson-database-on-one-model",
        ["Query must be bound to a database"],
        []
    ),
    lesson!(
        "Peewee",
        "peewee/302-lesson-class-again",
        ["Cannot find foreign-key to \"<Model: Person>\" on \"<Model: Entry>\" model."],
        []
    ),
    lesson!(
        "Peewee",
        "peewee/303-lesson-deferred-key-does-not-help",
        ["Cannot find foreign-key to \"<Model: Person>\" on \"<Model: Entry>\" model."],
        []
    ),
    lesson!(
        "Peewee",
        "peewee/304-lesson-deferred-through",
        ["Entry may hold a pair more than once"],
        []
    ),
    lesson!(
        "Django",
        "django/410-lesson-scattered-lines",
        ["expected an indented block after class definition on line 4"],
        []
    ),
    lesson!("Django", "django/411-lesson-generated-through", [], ["Magazine_readers"]),
    lesson!(
        "Django",
        "django/413-lesson-both-in-one-file",
        [
            "Model 'app.reader' was already registered",
            "Model 'app.magazine' was already registered"
        ],
        []
    ),
    lesson!("Django", "django/414-lesson-related-name", [], ["Magazine_readers"]),
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
            page.wait(
                &format!("the through tables {:?} of `{first}`", lesson.throughs),
                || async {
                    Ok((diagram::through_tables(&page).await? == lesson.throughs).then_some(()))
                },
            )
            .await?;
        }
    }
    Ok(())
}
