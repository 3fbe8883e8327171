//! Which of Django's checks there are rules for: all that a file of models decides.
//!
//! Source: "System check framework" of Django's documentation, and the ids in `django/db`, `django/contrib/auth` and
//! `django/contrib/contenttypes` of 5.2.19. Checks of databases run only where one is named (`migrate`, `check --database`).

use super::RULES;
use throughline_order::Arrange as _;

/// Checks of models that there is a rule for.
#[rustfmt::skip]
const COVERED: &[&str] = &[
    "auth.E005", "auth.E006", "auth.E007", "auth.E008", "auth.E011", "auth.E012", "contenttypes.E001", "contenttypes.E002",
    "contenttypes.E003", "contenttypes.E004", "contenttypes.E005", "fields.E001", "fields.E002", "fields.E003", "fields.E004",
    "fields.E005", "fields.E006", "fields.E007", "fields.E008", "fields.E009", "fields.E010", "fields.E013", "fields.E100",
    "fields.E121", "fields.E130", "fields.E131", "fields.E132", "fields.E133", "fields.E134", "fields.E140", "fields.E150",
    "fields.E160", "fields.E170", "fields.E201", "fields.E202", "fields.E210", "fields.E223", "fields.E300", "fields.E301",
    "fields.E302", "fields.E303", "fields.E304", "fields.E305", "fields.E306", "fields.E307", "fields.E308", "fields.E309",
    "fields.E310", "fields.E311", "fields.E312", "fields.E320", "fields.E321", "fields.E330", "fields.E331", "fields.E333",
    "fields.E334", "fields.E335", "fields.E336", "fields.E337", "fields.E338", "fields.E339", "fields.E340", "fields.E347",
    "fields.E900", "fields.E901", "fields.E903", "fields.W122", "fields.W161", "fields.W224", "fields.W340", "fields.W341",
    "fields.W342", "fields.W345", "fields.W346", "models.E003", "models.E004", "models.E005", "models.E006", "models.E007",
    "models.E010", "models.E011", "models.E012", "models.E013", "models.E014", "models.E015", "models.E016", "models.E017",
    "models.E020", "models.E021", "models.E022", "models.E023", "models.E024", "models.E025", "models.E026", "models.E028",
    "models.E029", "models.E030", "models.E031", "models.E032", "models.E033", "models.E034", "models.E042", "models.E048",
];

/// Checks that something else than the file decides, and what.
#[rustfmt::skip]
const ELSEWHERE: &[(&str, &[&str])] = &[
    ("the database that a project uses and what it can do", &[
        "fields.E011", "fields.E012", "fields.E120", "fields.E180", "fields.E190", "fields.E220", "fields.E221", "fields.E222",
        "fields.W162", "fields.W163", "models.E018", "models.E019", "models.E041", "models.W027", "models.W036", "models.W037",
        "models.W038", "models.W039", "models.W040", "models.W043", "models.W044", "models.W045", "models.W046", "models.W047",
    ]),
    ("routers between several databases", &[
        "fields.W344", "models.W035",
    ]),
    ("the settings of a project", &[
        "auth.C009", "auth.C010", "auth.E001", "auth.E002", "auth.E003", "auth.E013", "auth.W004", "models.E001",
        "models.E002", "models.W042",
    ]),
    ("receivers of signals, which code connects", &[
        "signals.E001",
    ]),
];

#[test]
fn every_check_has_a_rule_or_a_reason() {
    let mut stated: Vec<&str> = COVERED.to_vec();
    let mut ruled: Vec<&str> = RULES.iter().flat_map(|(rule, _)| rule.ids).copied().collect();
    stated.arrange();
    ruled.arrange();
    assert_eq!(ruled, stated);
    for (why, ids) in ELSEWHERE {
        assert!(!why.is_empty());
        assert!(ids.iter().all(|id| !stated.contains(id)), "{why}: {ids:?}");
    }
}
