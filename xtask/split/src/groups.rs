//! Parts by what they are for: all that only the functions of one group lead to.

use std::collections::HashMap;

use anyhow::Result;

use crate::Facts;
use crate::data::Data;

/// Functions with something in their names in common.
#[derive(Clone, Copy, Debug)]
pub struct Group<'a> {
    /// What their names have in them, or several with `|` between: a mangled name says a path in more than one way.
    pub text: &'a str,
    /// How others come to them.
    pub entry: Entry,
}

/// How a group is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Through tables of functions in data, such as those of traits. One that is called by its name belongs to others, too: the linker makes one of
    /// equal functions, and that one may bear the name of a group which is not alone in calling it.
    Tables,
    /// By calls, too.
    Calls,
}

/// For each function of the module's own, its part: 0 for what more than one group or something else leads to, else one more than the index of its
/// group.
///
/// A function that is called by no name, only through the table, is found by what the linker has told of `linked`.
///
/// # Errors
/// A module is broken.
pub fn groups(wasm: &[u8], linked: &[u8], groups: &[Group<'_>]) -> Result<Vec<u8>> {
    let facts = Facts::of(wasm)?;
    let graph = Graph::of(&facts, &Data::of(linked)?);
    let all = graph.reached(&[]);
    let own: Vec<Vec<bool>> = groups.iter().map(|group| named(&facts, group.text)).collect();
    let mut shared = vec![false; facts.functions() as usize];
    loop {
        let mut parts = vec![0; all.len()];
        for (number, own) in (1..).zip(&own) {
            let shut: Vec<bool> =
                own.iter().zip(&shared).map(|(own, shared)| *own && !*shared).collect();
            let without = graph.reached(&shut);
            let places = parts.iter_mut().zip(all.iter().zip(&without));
            for (part, (reached, without)) in places {
                if *reached && !*without && *part == 0 {
                    *part = number;
                }
            }
        }
        let through_tables = |part: u8| {
            let group = usize::from(part).checked_sub(1).and_then(|at| groups.get(at));
            group.is_some_and(|group| group.entry == Entry::Tables)
        };
        let more = graph.called_from_elsewhere(&facts, &parts, &through_tables);
        let new = shared.iter_mut().zip(more).filter(|(known, more)| !**known && *more);
        if new.map(|(known, _)| *known = true).count() == 0 {
            let own = parts.get(facts.imported as usize..facts.functions() as usize);
            return Ok(own.unwrap_or_default().to_vec());
        }
    }
}

/// For each function, whether it has the text of a group in its name.
fn named(facts: &Facts, text: &str) -> Vec<bool> {
    let is = |name: &String| text.split('|').any(|text| name.contains(text));
    (0..facts.functions()).map(|function| facts.names.get(&function).is_some_and(is)).collect()
}

/// What leads to what: functions first, then pieces of data.
struct Graph {
    leads: Vec<Vec<usize>>,
    roots: Vec<usize>,
}

impl Graph {
    fn of(facts: &Facts, data: &Data) -> Self {
        let functions = facts.functions() as usize;
        // Two functions may share a name; then who names one names both.
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, name) in &facts.names {
            by_name.entry(name.as_str()).or_default().push(*index as usize);
        }
        let named = |names: &[String]| -> Vec<usize> {
            names.iter().filter_map(|name| by_name.get(name.as_str())).flatten().copied().collect()
        };
        let mut leads: Vec<Vec<usize>> = Vec::with_capacity(functions + data.symbols());
        for (index, calls) in (0u32..).zip(&facts.calls) {
            let mut to: Vec<usize> = calls.iter().map(|call| *call as usize).collect();
            if let Some(name) = facts.names.get(&index) {
                to.extend(data.used_by(name).map(|symbol| functions + symbol));
                to.extend(named(data.pointed_at_by(name)));
            }
            leads.push(to);
        }
        for symbol in 0..data.symbols() {
            let (symbols, names) = data.led_to_by(symbol);
            let mut to: Vec<usize> = symbols.iter().map(|symbol| functions + symbol).collect();
            to.extend(named(names));
            leads.push(to);
        }
        let mut roots: Vec<usize> =
            facts.exported.iter().map(|(_, function)| *function as usize).collect();
        roots.extend(data.loose().map(|symbol| functions + symbol));
        // What was made after linking, and stands in the table, may be called by anyone.
        let made = facts
            .slots
            .iter()
            .filter(|(_, function)| facts.names.get(function).is_none_or(|name| !data.knows(name)));
        roots.extend(made.map(|(_, function)| *function as usize));
        Self { leads, roots }
    }

    /// What can be reached, without going through what is shut.
    fn reached(&self, shut: &[bool]) -> Vec<bool> {
        let mut reached = vec![false; self.leads.len()];
        let mut waiting = self.roots.clone();
        while let Some(at) = waiting.pop() {
            if let (Some(seen @ false), Some(leads)) = (reached.get_mut(at), self.leads.get(at))
                && !shut.get(at).copied().unwrap_or_default()
            {
                *seen = true;
                waiting.extend(leads);
            }
        }
        reached
    }

    /// For each function of a part, whether a function of another one names it, or data of another one that is not the first: there, tables of
    /// functions are how a group is entered.
    fn called_from_elsewhere(
        &self,
        facts: &Facts,
        parts: &[u8],
        counts: &dyn Fn(u8) -> bool,
    ) -> Vec<bool> {
        let functions = facts.functions() as usize;
        let mut called = vec![false; functions];
        for (from, (part, leads)) in parts.iter().zip(&self.leads).enumerate() {
            if from >= functions && *part == 0 {
                continue;
            }
            for to in leads {
                let other = parts.get(*to).copied().unwrap_or_default();
                if other != *part
                    && counts(other)
                    && let Some(called) = called.get_mut(*to)
                {
                    *called = true;
                }
            }
        }
        called
    }
}
