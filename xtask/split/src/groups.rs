//! Parts by what they are for: all that only the functions of one group lead to.

use std::collections::HashMap;

use anyhow::Result;

use crate::Facts;
use crate::data::Data;

/// For each function of the module's own, its part: 0 for what more than one group or something else leads to, else one more than the index of its
/// group. A group is a text that the names of its functions have in them, or several with `|` between: a mangled
/// name says a path in more than one way.
///
/// A function that is called by no name, only through the table, is found by what the linker has told of `linked`.
///
/// # Errors
/// A module is broken.
pub fn groups(wasm: &[u8], linked: &[u8], groups: &[&str]) -> Result<Vec<u8>> {
    let facts = Facts::of(wasm)?;
    let graph = Graph::of(&facts, &Data::of(linked)?);
    let all = graph.reached(&facts, None);
    let own = facts.imported as usize;
    let mut parts = vec![0; facts.defined() as usize];
    for (number, group) in (1..).zip(groups) {
        let without = graph.reached(&facts, Some(group));
        let places = parts.iter_mut().zip(all.iter().zip(&without).skip(own));
        for (part, (reached, without)) in places {
            if *reached && !*without && *part == 0 {
                *part = number;
            }
        }
    }
    Ok(parts)
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

    /// What can be reached, without going through a group.
    fn reached(&self, facts: &Facts, without: Option<&str>) -> Vec<bool> {
        let mut reached = vec![false; self.leads.len()];
        let is_shut = |at: usize| {
            let name = u32::try_from(at).ok().and_then(|at| facts.names.get(&at));
            without
                .zip(name)
                .is_some_and(|(group, name)| group.split('|').any(|text| name.contains(text)))
        };
        let mut waiting = self.roots.clone();
        while let Some(at) = waiting.pop() {
            if let (Some(seen @ false), Some(leads)) = (reached.get_mut(at), self.leads.get(at))
                && !is_shut(at)
            {
                *seen = true;
                waiting.extend(leads);
            }
        }
        reached
    }
}
