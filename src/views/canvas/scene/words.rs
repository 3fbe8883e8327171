//! Sentences about relations.

use throughline_core::document::RelationKind;
use throughline_core::resolve::Forward;
use throughline_diagram::End;

/// "a" or "an", as the name is spoken.
pub(super) fn article(name: &str) -> &'static str {
    let sounds_open = name.starts_with(|first: char| "AEIOaeio".contains(first))
        || (name.starts_with(['U', 'u'])
            && !name.to_lowercase().starts_with("us")
            && !name.to_lowercase().starts_with("uni"));
    if sounds_open { "an" } else { "a" }
}

/// The article at the start of a sentence.
fn capital(name: &str) -> &'static str {
    if article(name) == "an" { "An" } else { "A" }
}

/// Several of it, as far as English is regular.
pub(super) fn plural(name: &str) -> String {
    let lower = name.to_lowercase();
    if ["s", "x", "z", "ch", "sh"].iter().any(|end| lower.ends_with(end)) {
        return format!("{name}es");
    }
    let before_y = lower.strip_suffix('y').and_then(|stem| stem.chars().last());
    match name.char_indices().last() {
        Some((at, _)) if before_y.is_some_and(|letter| !"aeiou".contains(letter)) => {
            format!("{}ies", name.get(..at).unwrap_or(name))
        }
        _ => format!("{name}s"),
    }
}

/// What a relation means, from both of its sides. Models stand in asterisks, names in backticks.
pub(super) fn sentences(model: &str, relation: &Forward, here: End, there: End) -> Vec<String> {
    let target = &relation.target;
    let back = match (&relation.accessor, here) {
        (Some(name), End::ZeroOrMany | End::OneOrMany) => {
            format!("{} *{target}* has {} in `{name}`.", capital(target), here.words())
        }
        (Some(name), End::ZeroOrOne | End::ExactlyOne) => {
            format!("{} *{target}* has {} *{model}*, as `{name}`.", capital(target), here.words())
        }
        (None, _) => format!("{} *{target}* has no name for it.", capital(target)),
    };
    let field = &relation.field;
    let forth = match relation.kind {
        RelationKind::ForeignKey | RelationKind::OneToOne => {
            format!("{} *{model}* has {} *{target}*.", capital(model), there.words())
        }
        RelationKind::ManyToMany => format!(
            "{} *{model}* has {} *{}* in `{field}`.",
            capital(model),
            there.words(),
            plural(target)
        ),
    };
    vec![forth, back]
}

/// The same in one sentence: "Enrollment.student: each Enrollment has exactly one Student; a Student has zero or many Enrollments".
pub(super) fn spoken(model: &str, relation: &Forward, here: End, there: End) -> String {
    let target = &relation.target;
    let some = |name: &str, end: End| match end {
        End::ExactlyOne | End::ZeroOrOne => name.to_owned(),
        End::ZeroOrMany | End::OneOrMany => plural(name),
    };
    format!(
        "{model}.{}: each {model} has {} {}; {} {target} has {} {}",
        relation.field,
        there.words(),
        some(target, there),
        article(target),
        here.words(),
        some(model, here)
    )
}
