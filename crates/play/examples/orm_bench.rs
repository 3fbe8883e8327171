//! Times a script of calls: `orm_bench ORM MODELS SCRIPT ROUNDS`. A script defines `story()`; each round calls it once on the same
//! tables, and the best and the middle round are printed in microseconds. `cargo xtask bench orm` runs it.

use std::error::Error;
use std::time::Instant;

use throughline_core::orm;
use throughline_play::Local;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [id, models, script, rounds] = arguments.as_slice() else {
        return Err("usage: orm_bench ORM MODELS SCRIPT ROUNDS".into());
    };
    let orm = orm::by_id(id).ok_or("there is no such ORM")?;
    let read = |path: &String| std::fs::read_to_string(path);
    let local = Local::new(orm, read(models)?, chrono::NaiveDateTime::default())
        .ok_or("no calls of this ORM can be run")?;
    let database = local.database();
    let mut prepared = local.project.script(&database);
    let failed = |script: &mut throughline_script::Script, raised: &throughline_script::Raised| {
        script.machine.described(raised).map_or_else(|_| "failed".to_owned(), |what| what.message)
    };
    let source = read(script)?;
    if let Err(raised) = prepared.value_of(&source) {
        return Err(failed(&mut prepared, &raised).into());
    }
    let call = if source.contains("async def story") { "await story()" } else { "story()" };
    let mut times = Vec::new();
    let mut calls = 0;
    for _ in 0..rounds.parse::<u32>()? {
        prepared.world.take_sent();
        let start = Instant::now();
        if let Err(raised) = prepared.value_of(call) {
            return Err(failed(&mut prepared, &raised).into());
        }
        times.push(start.elapsed().as_micros());
        calls = prepared.world.take_sent().len();
    }
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    println!("{} {middle} {calls}", times.first().copied().unwrap_or_default());
    Ok(())
}
