//! From one ORM to another: converted, or the same text read anew.

use leptos::prelude::*;
use throughline_core::convert::{Names, convert};
use throughline_core::orm;

use super::App;
use super::ui::{Overlay, ToastKind, Undo};

impl App {
    /// Goes to another ORM. Where there are models, the user is asked how.
    pub fn switch_orm(self, id: &str) {
        let Some(orm) = orm::by_id(id) else { return };
        let id = orm.profile().id;
        let content = self.content().get_untracked();
        if content.orm == id {
            return;
        }
        let is_fresh = content.models.trim().is_empty()
            || content.orm().is_some_and(|now| now.skeleton().trim() == content.models.trim());
        if is_fresh {
            self.change("change ORM", |content| {
                content.orm = id;
                content.models = orm.skeleton().into();
            });
        } else {
            self.ui.overlay.set(Some(Overlay::Switch(id)));
        }
    }

    /// Reads the models text as that of another ORM.
    pub fn read_as(self, id: &str) {
        let Some(profile) = orm::by_id(id).map(|orm| orm.profile()) else { return };
        self.change("change ORM", |content| content.orm = profile.id);
        self.ui.notice.set(None);
        self.toast(ToastKind::Done, format!("Read as {}", profile.title), Undo::Offered);
    }

    /// The models written for another ORM, and what cannot be said in it; `None` where they cannot be written for it.
    pub fn converted(self, id: &str, names: Names) -> Option<(String, Vec<String>)> {
        let content = self.content().get_untracked();
        let analysis = throughline_core::analyze(content.orm()?, &content.models);
        let converted = convert(content.orm()?, &analysis, orm::by_id(id)?, names)?;
        Some((converted.source, converted.unsaid.iter().map(ToString::to_string).collect()))
    }

    /// Puts converted models in the place of these.
    pub fn become_orm(self, id: &str, source: &str) {
        let Some(profile) = orm::by_id(id).map(|orm| orm.profile()) else { return };
        self.change(&format!("convert to {}", profile.title), |content| {
            content.orm = profile.id;
            content.models = source.into();
        });
        self.toast(ToastKind::Done, format!("Converted to {}", profile.title), Undo::Offered);
    }
}
