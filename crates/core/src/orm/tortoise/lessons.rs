//! Two lessons that tutorials get wrong, and what has to be shown of them. Both are recorded: `tortoise/305` and `tortoise/306`.

use super::Tortoise;
use crate::analysis::analyze;
use crate::document::LineIndex;

/// The rules that speak, each with the line that it marks.
fn shown(source: &str) -> Vec<(&'static str, String)> {
    let index = LineIndex::new(source);
    let line = |at| source.lines().nth(index.line(at) as usize - 1).unwrap().trim().to_owned();
    let found = analyze(&Tortoise, source).diagnostics;
    found.into_iter().map(|item| (item.rule, line(item.span.start))).collect()
}

const MANY_TO_MANY: &str = include_str!(
    "../../../../../tests/conformance/fixtures/tortoise/305-lesson-many-to-many/models.py"
);
const ONE_TO_MANY: &str = include_str!(
    "../../../../../tests/conformance/fixtures/tortoise/306-lesson-one-to-many/models.py"
);

#[test]
fn a_many_to_many_is_declared_once_and_its_table_is_no_second_model() {
    let shown = shown(MANY_TO_MANY);
    assert_eq!(
        shown,
        [
            ("deprecated-spelling", "id = fields.IntField(pk=True)".to_owned()),
            ("deprecated-spelling", "id = fields.IntField(pk=True)".to_owned()),
            ("reverse-name-taken", PEOPLE.to_owned()),
            ("through-model-apart", "class PersonClub(Model):".to_owned()),
        ]
    );
}

const PEOPLE: &str = "people = fields.ManyToManyField(\"models.Person\", related_name=\"clubs\", through=\"person_club\")";

#[test]
fn a_reverse_relation_is_annotated_not_assigned() {
    let shown = shown(ONE_TO_MANY);
    assert_eq!(
        shown,
        [(
            "attribute-declares-nothing",
            "chapters = fields.ReverseRelation[\"Chapter\"]".to_owned()
        )]
    );
}
