//! A whole models file that comes by pasting: repaired, and read as the ORM's that it is written for.

use leptos::prelude::*;
use throughline_core::orm::{self, Certainty, Recognised};
use throughline_core::paste::{self, Confidence, Pasted, Repair};

use super::ui::{Notice, Offer, Tone};
use super::{App, Content};

/// The step's name in the history.
const LABEL: &str = "paste";

impl App {
    /// Puts a pasted text in the place of all models, as one step, and says what was done with it.
    /// Over an example that nobody has changed it is a project of its own.
    pub fn paste_models(self, text: &str) {
        let pasted = paste::repair(text);
        let recognised = orm::recognise(&pasted.source);
        let before = self.content().get_untracked();
        let is_own = self.edited.get_value();
        let certain = recognised.as_ref().filter(|found| found.certainty == Certainty::Certain);
        let id = certain.map_or(before.orm, |found| found.orm.profile().id);
        let notice = notice(&before, &pasted, recognised.as_ref());
        self.change(LABEL, |content| {
            if !is_own {
                *content = Content::empty();
            }
            content.orm = id;
            content.models = pasted.source.replace("\r\n", "\n").replace('\r', "\n").into();
        });
        self.ui.notice.set(notice);
    }

    /// Puts the project back as it was before a paste, whatever came after.
    pub fn put_back(self, before: &Content) {
        self.ui.notice.set(None);
        if self.undo_label.get_untracked().as_deref() == Some(LABEL) {
            self.undo();
        } else {
            self.change("take back the paste", |content| *content = before.clone());
        }
    }
}

/// What there is to say; nothing, where the text is Python of the ORM that was chosen.
fn notice(before: &Content, pasted: &Pasted, recognised: Option<&Recognised>) -> Option<Notice> {
    let mut title = None;
    let mut words = Vec::new();
    let mut tone = Tone::Calm;
    let mut offers = vec![Offer::PutBack(Box::new(before.clone()))];
    if let Some(trouble) = &pasted.trouble {
        tone = Tone::Warning;
        title = Some(format!("Line {}: {}", trouble.line, trouble.what));
        words.push(format!("{} {}", trouble.why, trouble.hint));
    }
    match recognised {
        Some(found) if found.orm.profile().id != before.orm => {
            let profile = found.orm.profile();
            let said: Vec<_> =
                found.evidence.iter().take(3).map(|sign| format!("`{}`", sign.what)).collect();
            let said = said.join(", ");
            match found.certainty {
                Certainty::Certain => {
                    title.get_or_insert(format!("These are {} models", profile.title));
                    words.push(format!(
                        "The text says {said}, so the project is read as {} now.",
                        profile.title
                    ));
                }
                Certainty::Likely => {
                    title.get_or_insert(format!("These look like {} models", profile.title));
                    words.push(format!("The text says {said}, and other things besides."));
                    offers.push(Offer::ReadAs(profile.id));
                }
            }
        }
        Some(_) => {}
        None => {
            if let Some(stranger) = orm::stranger(&pasted.source) {
                tone = Tone::Warning;
                title.get_or_insert(format!("This text is written for {stranger}"));
                words.push("It declares no models of an ORM that is known here.".into());
            }
        }
    }
    if !pasted.repairs.is_empty() {
        title.get_or_insert_with(|| match pasted.repairs.len() {
            1 => "Pasted, with one repair".into(),
            count => format!("Pasted, with {count} repairs"),
        });
        if pasted.confidence == Confidence::Broken {
            words.push("The text has mistakes of its own besides: see the problems.".into());
        }
    }
    let details = pasted.repairs.iter().map(told).collect();
    Some(Notice { title: title?, text: words.join(" "), details, tone, offers })
}

fn told(repair: &Repair) -> String {
    if repair.first == repair.last {
        format!("{} (line {}).", repair.what, repair.first)
    } else {
        format!("{} (lines {} to {}).", repair.what, repair.first, repair.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<Notice> {
        let pasted = paste::repair(text);
        notice(&Content::empty(), &pasted, orm::recognise(&pasted.source).as_ref())
    }

    #[test]
    fn good_python_of_the_chosen_orm_needs_no_words() {
        assert_eq!(
            told("from django.db import models\n\n\nclass A(models.Model):\n    pass\n"),
            None
        );
    }

    #[test]
    fn repairs_are_listed_with_their_lines() {
        let notice = told("```python\nfrom django.db import models\n```\n").unwrap();
        assert_eq!(notice.title, "Pasted, with one repair");
        assert_eq!(notice.details, ["Took the code out of its fence (line 2)."]);
    }

    #[test]
    fn scrambled_text_is_explained() {
        let notice = told("class A(models.Model):\n= models.TextField()\nname\n").unwrap();
        assert_eq!(notice.tone, Tone::Warning);
        assert!(notice.title.starts_with("Line 2: "), "{notice:?}");
    }

    #[test]
    fn another_orm_than_those_here_is_named() {
        let notice = told("from sqlalchemy import Column\n").unwrap();
        assert_eq!(notice.title, "This text is written for SQLAlchemy");
    }
}
