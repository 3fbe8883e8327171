use expect_test::expect;
use proptest::prelude::*;

use super::*;

/// Links that were published. They decode for ever: never change one, only add.
const GOLDEN: &[&str] = &[
    "1.tRhFQNO7fIrn86aiTkJ1UoCxpOfzXzAx07IBzyu8Naha8jfVaLRB",
    "1.ITNFQBSELFp-pHMlXsN0uhZZO7iIIx8-D5qKcQ7KbV8Tw3nriTAgS1WSZWFYAEHpYrd-j-ZSvoPLrK--NSDbEqEPsG4qU7uDAwxWV5U8lujhCfNmvUuM2Jc0lG844V-LTb_TNljulKmjv3KcINRsf-_R3y0T7BfSKy0IVv9zpAA",
    "1.frFFQCVd6ZnqAA",
];

fn lesson() -> Project {
    Project {
        orm: "django".into(),
        title: "Enrolment, week 3".into(),
        models: "from django.db import models\n\n\nclass Student(models.Model):\n    name = models.CharField(max_length=80)\n".into(),
        sql: "SELECT * FROM app_student".into(),
        layout: [("Student".into(), Place { x: 40, y: -12 })].into(),
        ..Project::default()
    }
}

fn any_project() -> impl Strategy<Value = Project> {
    let place = (any::<i32>(), any::<i32>()).prop_map(|(x, y)| Place { x, y });
    let layout = proptest::collection::btree_map(".{0,8}", place, 0..4);
    let orm = prop_oneof![Just("django".to_string()), Just("tortoise".to_string()), ".{0,6}"];
    (orm, ".{0,12}", "(?s).{0,200}", "(?s).{0,60}", ".{0,40}", "(?s).{0,40}", layout, ".{0,20}")
        .prop_map(|(orm, title, models, script, sql, rows, layout, notes)| Project {
            orm,
            title,
            models,
            script,
            sql,
            rows,
            layout,
            notes,
        })
}

fn everything() -> Project {
    Project {
        orm: "tortoise".into(),
        title: "Turnaj č. 1".into(),
        models: "from tortoise import fields\r\nfrom tortoise.models import Model\r\n\r\nclass Team(Model):\r\n\tname = fields.CharField(max_length=80)".into(),
        script: "print(await Team.all())\n".into(),
        sql: "SELECT COUNT(*) FROM team".into(),
        rows: "INSERT INTO team VALUES (1, 'Røde')".into(),
        layout: [("Team".into(), Place { x: 0, y: 320 }), ("Old name".into(), Place { x: i32::MIN, y: i32::MAX })].into(),
        notes: "Why is the first row empty?".into(),
    }
}

#[test]
fn golden_links_decode() {
    let expected = [lesson(), everything(), Project::default()];
    assert_eq!(GOLDEN.len(), expected.len());
    for (link, project) in GOLDEN.iter().zip(expected) {
        assert_eq!(decode(link), Ok(project));
    }
}

#[test]
fn a_link_is_short() {
    let link = encode(&lesson());
    expect!["1.tRhFQNO7fIrn86aiTkJ1UoCxpOfzXzAx07IBzyu8Naha8jfVaLRB"].assert_eq(&link);
    assert_eq!(decode(&link), Ok(lesson()));
    assert_eq!(decode(&format!(" #{link}\n")), Ok(lesson()));
}

#[test]
fn the_empty_project_has_a_link() {
    assert_eq!(decode(&encode(&Project::default())), Ok(Project::default()));
}

#[test]
fn what_is_no_link_of_ours_is_told_from_what_is_newer() {
    for text in ["", "#", "tables", "a.b", ".", "0.AA", "-1.AA", "1", "12345.AA", "x1.AA"] {
        assert_eq!(decode(text), Err(LinkError::NotALink), "{text}");
    }
    assert_eq!(decode("2.AAAA"), Err(LinkError::Newer));
    assert_eq!(decode("10."), Err(LinkError::Newer));
}

#[test]
fn every_cut_is_noticed() {
    let link = encode(&lesson());
    for end in 2..link.len() {
        assert_eq!(decode(&link[..end]), Err(LinkError::Broken), "cut at {end}");
    }
}

#[test]
fn every_changed_character_is_noticed() {
    let link = encode(&lesson());
    for at in 2..link.len() {
        for other in ["A", "z", "_", "%", "é"] {
            if &link[at..=at] != other {
                let mut changed = link.clone();
                changed.replace_range(at..=at, other);
                assert_eq!(decode(&changed), Err(LinkError::Broken), "{other} at {at}");
            }
        }
    }
}

#[test]
fn a_text_too_large_is_refused() {
    let link = encode(&Project { notes: "a".repeat(5000), ..Project::default() });
    assert_eq!(decode_within(&link, 4999), Err(LinkError::TooLarge));
    let long = format!("1.{}", "A".repeat(MAX_BYTES * 3 + 1));
    assert_eq!(decode(&long), Err(LinkError::TooLarge));
}

proptest! {
    // Each case reads the dictionary at least once.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn encode_then_decode_is_identity(project in any_project()) {
        prop_assert_eq!(decode(&encode(&project)), Ok(project));
    }

    #[test]
    fn garbage_never_panics(text in "(?s).{0,80}", letters in "[A-Za-z0-9_-]{0,200}") {
        let _ = decode(&text);
        let _ = decode(&format!("1.{letters}"));
    }

    /// Past the checksum: what a forger can make.
    #[test]
    fn forged_bytes_never_panic(packed in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut bytes = CHECKSUM.checksum(&packed).to_be_bytes().to_vec();
        bytes.extend_from_slice(&packed);
        let _ = decode(&format!("1.{}", URL_SAFE_NO_PAD.encode(bytes)));
    }

    /// A forged change inside a true link.
    #[test]
    fn forged_changes_never_panic(at in 0usize..200, value in any::<u8>()) {
        let mut packed = pack::pack(&container::write(&lesson()));
        let at = at % packed.len();
        packed[at] = value;
        let mut bytes = CHECKSUM.checksum(&packed).to_be_bytes().to_vec();
        bytes.extend_from_slice(&packed);
        let _ = decode(&format!("1.{}", URL_SAFE_NO_PAD.encode(bytes)));
    }
}
