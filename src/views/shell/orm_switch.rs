//! Which ORM the models are written for.

use leptos::prelude::*;
use throughline_core::orm;

use crate::state::App;
use crate::ui::{Choice, Segmented};

/// Those that are not there yet, with their chips.
const COMING: &[(&str, &str)] = &[("To", "Tortoise"), ("or", "ormar"), ("Pw", "Peewee")];

/// The switch. What the core does not have yet is shown, and cannot be chosen.
#[component]
pub fn OrmSwitch() -> impl IntoView {
    let app = expect_context::<App>();
    let have = orm::ALL.iter().map(|orm| orm.profile());
    let choices = have.clone().map(|profile| Choice {
        value: profile.id,
        label: profile.title,
        chip: Some(profile.chip),
        refused: None,
    });
    let coming = COMING
        .iter()
        .filter(|(_, label)| !have.clone().any(|profile| profile.title.starts_with(label)));
    let coming = coming.map(|(chip, label)| Choice {
        value: *label,
        label,
        chip: Some(*chip),
        refused: Some("Not in this version yet"),
    });
    view! {
        <Segmented label="ORM" choices=choices.chain(coming).collect() value=app.derived.orm on_choose=move |id: &'static str| app.set_orm(id) />
    }
}
