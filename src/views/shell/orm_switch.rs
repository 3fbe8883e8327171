//! Which ORM the models are written for.

use leptos::prelude::*;
use throughline_core::orm;

use crate::state::App;
use crate::ui::{Arrows, Choice, Segmented};

/// The switch. The arrow keys only move: to change the ORM asks how.
#[component]
pub fn OrmSwitch() -> impl IntoView {
    let app = expect_context::<App>();
    let choice = |profile: &'static orm::Profile| Choice {
        value: profile.id,
        label: profile.title,
        chip: Some(profile.chip),
        refused: None,
    };
    let choices = orm::ALL.iter().map(|orm| choice(orm.profile())).collect();
    view! {
        <Segmented label="ORM" choices value=app.derived.orm on_choose=move |id: &'static str| app.switch_orm(id) arrows=Arrows::Move />
    }
}
