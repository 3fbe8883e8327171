//! A module besides the first: the functions of one part. All else it takes from the first.

use std::borrow::Cow;
use std::collections::HashMap;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, FunctionSection,
    ImportSection, Module, TypeSection,
};
use wasmparser::{Parser, Payload};

use crate::part::{Broken, Outcome, Plan, broken, part_of};

/// Under which name it is given the first one's exports.
const FIRST: &str = "p";

/// No name of these can be one that the module already has: those are identifiers.
pub(crate) const MEMORY: &str = "0m";

pub(crate) fn name_of(function: u32) -> String {
    function.to_string()
}

pub(crate) fn name_of_table(table: u32) -> String {
    format!("0t{table}")
}

pub(crate) fn name_of_global(global: u32) -> String {
    format!("0g{global}")
}

pub(crate) fn write(plan: &Plan, part: u8, wasm: &[u8]) -> Result<Vec<u8>> {
    let facts = &plan.facts;
    let mut rest = Rest { part, index: HashMap::new() };
    let mut imports = ImportSection::new();
    for function in plan.shared(part) {
        rest.add(function);
        imports.import(FIRST, &name_of(function), EntityType::Function(facts.type_of(function)?.0));
    }
    for (index, table) in (0u32..).zip(&facts.tables) {
        let mut table = rest.table_type(*table)?;
        if index == 0 {
            table.minimum = u64::from(plan.slots);
            table.maximum = table.maximum.map(|most| most.max(table.minimum));
        }
        imports.import(FIRST, &name_of_table(index), table);
    }
    for memory in &facts.memories {
        imports.import(FIRST, MEMORY, rest.memory_type(*memory)?);
    }
    for (index, global) in (0u32..).zip(&facts.globals) {
        imports.import(FIRST, &name_of_global(index), rest.global_type(*global)?);
    }
    let mut functions = FunctionSection::new();
    for (function, _) in (0u32..).zip(&plan.parts).filter(|(_, of)| **of == part) {
        rest.add(function);
        functions.function(facts.type_of(function)?.0);
    }
    let mut types = TypeSection::new();
    let mut code = CodeSection::new();
    let mut next = facts.imported;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::TypeSection(section) => rest.parse_type_section(&mut types, section)?,
            Payload::CodeSectionEntry(body) => {
                if part_of(&plan.parts, next) == part {
                    rest.parse_function_body(&mut code, body)?;
                }
                next += 1;
            }
            _ => {}
        }
    }
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions);
    module.section(&rest.elements(plan)?).section(&code);
    if !plan.pieces(part).is_empty() {
        let mut data = DataSection::new();
        write_data(&mut data, plan.pieces(part));
        module.section(&data);
    }
    Ok(module.finish())
}

pub(crate) fn write_data(data: &mut DataSection, pieces: &[(u64, Vec<u8>)]) {
    for (address, bytes) in pieces {
        // Addresses have 32 bits, and the instruction takes them with a sign.
        let address = u32::try_from(*address).unwrap_or(u32::MAX).cast_signed();
        data.active(0, &ConstExpr::i32_const(address), bytes.iter().copied());
    }
}

struct Rest {
    part: u8,
    /// By the index in the old module.
    index: HashMap<u32, u32>,
}

impl Rest {
    fn add(&mut self, function: u32) {
        let next = u32::try_from(self.index.len()).unwrap_or(u32::MAX);
        self.index.insert(function, next);
    }

    /// What goes into the table: into slots that others know, and into the stubs'. One of them fills the sentinel, too.
    fn elements(&mut self, plan: &Plan) -> Result<ElementSection> {
        let known = plan.facts.slots.iter().copied();
        let fresh =
            (0u32..).zip(&plan.stubs).filter_map(|(function, slot)| Some(((*slot)?, function)));
        let mut filled: Vec<(u32, u32)> =
            known.chain(fresh).filter(|(_, of)| part_of(&plan.parts, *of) == self.part).collect();
        let any =
            filled.first().ok_or_else(|| anyhow!("nothing is left for part {}", self.part))?.1;
        filled.push((plan.sentinel(self.part), any));
        filled.sort_unstable();
        filled.dedup();
        let mut elements = ElementSection::new();
        for run in filled.chunk_by(|(slot, _), (next, _)| slot + 1 == *next) {
            let Some((first, _)) = run.first() else { continue };
            let functions: Outcome<Vec<u32>> =
                run.iter().map(|(_, function)| self.function_index(*function)).collect();
            elements.active(
                None,
                &ConstExpr::i32_const(first.cast_signed()),
                Elements::Functions(Cow::Owned(functions?)),
            );
        }
        Ok(elements)
    }
}

impl Reencode for Rest {
    type Error = Broken;

    fn function_index(&mut self, function: u32) -> Outcome<u32> {
        let index = self.index.get(&function).copied();
        index.ok_or_else(|| broken("a part names what it has not"))
    }
}
