//! User flows, each a test of its own: `cargo test -p throughline-e2e -- share` runs those with `share` in their name.

mod console;
mod lessons;
mod modelling;
mod orms;
mod page;
mod query;
mod share;

use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use throughline_e2e::{Flow, World};

/// A browser is several busy processes: few at a time, or all are slow.
const AT_A_TIME: usize = 2;

macro_rules! flows {
    ($world:ident: $($module:ident::$name:ident,)*) => {
        vec![$({
            let world = Arc::clone(&$world);
            Trial::test(concat!(stringify!($module), "::", stringify!($name)), move || {
                let name = concat!(stringify!($module), "-", stringify!($name));
                Flow::run(&world, name, $module::$name).map_err(|error| Failed::from(error.to_string()))
            })
        }),*]
    };
}

fn main() -> anyhow::Result<()> {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = arguments.test_threads.or(Some(AT_A_TIME));
    let world = Arc::new(World::start()?);
    let flows = flows![world:
        page::opens_with_three_models_and_two_edges,
        page::works_below_a_path,
        page::keeps_work_over_a_reload,
        page::examples_replace_the_project_and_can_be_undone,
        page::theme_follows_the_system_and_can_be_switched,
        page::phone_shows_one_pane_at_a_time,
        page::everything_is_reached_by_keyboard,
        page::accessible_in_light,
        page::accessible_in_dark,
        modelling::a_clash_is_seen_fixed_and_brought_back,
        modelling::half_typed_source_keeps_the_rest,
        modelling::drawing_a_many_to_many_writes_it_and_shows_its_table,
        modelling::adding_a_model_writes_it,
        modelling::dragging_a_node_moves_it,
        lessons::what_tutorials_say_is_put_right,
        orms::a_pasted_page_is_repaired_and_can_be_taken_back,
        orms::a_scrambled_page_is_explained_and_kept,
        orms::models_of_another_orm_are_recognised,
        orms::another_orm_is_asked_for_and_can_be_undone,
        orms::orms_are_compared_by_keyboard,
        orms::a_phone_compares_one_orm_at_a_time,
        query::a_join_of_three_tables_shows_its_rows,
        query::errors_say_what_is_wrong,
        query::a_runaway_query_is_cancelled,
        query::a_killed_worker_comes_back_with_the_same_rows,
        console::a_script_runs_by_mouse_and_its_rows_can_be_taken_back,
        console::a_script_runs_by_keyboard_alone,
        console::an_exception_says_why,
        console::an_endless_loop_is_cancelled,
        console::names_are_offered_through_relations,
        console::a_transcript_is_compared,
        console::a_mend_is_taken,
        console::a_phone_runs_a_script,
        share::a_link_brings_everything_back_in_a_fresh_profile,
        share::broken_links_give_a_message_and_an_empty_project,
    ];
    let conclusion = libtest_mimic::run(&arguments, flows);
    // `exit` runs no destructors, and the driver has to end.
    drop(world);
    conclusion.exit()
}
