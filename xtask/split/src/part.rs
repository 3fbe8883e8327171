//! The first module: what was seen to run, and stubs for what it calls of the rest.

use std::fmt;
use std::ops::Range;

use anyhow::{Context as _, Result, bail};
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, DataSection, ExportKind, ExportSection, Function, FunctionSection, Instruction,
    Module, TableSection,
};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, DataSectionReader, ExportSectionReader,
    FunctionSectionReader, Parser,
};

use crate::data::Data;
use crate::{ENSURE, Facts, rest};

/// A body that is not larger than a stub stays, if all that it calls stays.
const SMALL: usize = 24;

/// Each piece of data has a head of several bytes, in both modules.
const LEAST_GAP: usize = 16;

/// Both modules.
pub struct Parts {
    /// Is to be loaded first. It works alone until it calls something of the rest.
    pub first: Vec<u8>,
    /// Takes `{ p: exports of the first }`.
    pub rest: Vec<u8>,
    /// How many functions have stayed.
    pub stayed: usize,
    /// How many functions have gone.
    pub gone: usize,
    /// For how many of them a stub stands.
    pub stubs: usize,
    /// How many bytes of data have gone.
    pub data: usize,
}

/// Where everything of the old module is in the new ones.
pub(crate) struct Plan {
    pub(crate) facts: Facts,
    /// For each function, whether it stays.
    pub(crate) stays: Vec<bool>,
    /// The slot through which the first module calls a function of the rest, where it does.
    pub(crate) stubs: Vec<Option<u32>>,
    /// A slot that is empty until the rest is there.
    pub(crate) sentinel: u32,
    /// The size of the table from now on.
    pub(crate) slots: u32,
    /// Each function's index in the first module.
    pub(crate) index: Vec<Option<u32>>,
    /// The data that the first module has, and what follows with the second.
    pub(crate) now: Vec<(u64, Vec<u8>)>,
    pub(crate) later: Vec<(u64, Vec<u8>)>,
    ensure: u32,
}

/// Parts a module by what was seen to run: a byte for each function of its own.
///
/// # Errors
/// The module is broken, the profile is of another one, or [`ENSURE`] is not among its exports.
///
/// `linked` is the module as the linker wrote it, if that has told where its data is used (`--emit-relocs`); without it all
/// data stays.
pub fn part(wasm: &[u8], ran: &[u8], linked: Option<&[u8]>) -> Result<Parts> {
    let mut plan = Plan::of(Facts::of(wasm)?, ran)?;
    if let Some(linked) = linked {
        plan.part_data(&Data::of(linked)?);
    }
    let mut first = Module::new();
    First { plan: &plan }.parse_core_module(&mut first, Parser::new(0), wasm)?;
    let rest = rest::write(&plan, wasm)?;
    let stayed = plan.stays.iter().filter(|stays| **stays).count();
    Ok(Parts {
        first: first.finish(),
        rest,
        stayed,
        gone: plan.stays.len() - stayed,
        stubs: plan.stubs.iter().flatten().count(),
        data: plan.later.iter().map(|(_, bytes)| bytes.len()).sum(),
    })
}

impl Plan {
    fn of(facts: Facts, ran: &[u8]) -> Result<Self> {
        if ran.len() != facts.defined() as usize || ran.iter().any(|byte| *byte > 1) {
            bail!("the profile is not one of this module");
        }
        let (_, ensure) = facts
            .exported
            .iter()
            .find(|(name, _)| name == ENSURE)
            .with_context(|| format!("the module does not export `{ENSURE}`"))?;
        let ensure = *ensure;
        let mut stays: Vec<bool> = (0..facts.imported).map(|_| true).collect();
        stays.extend(ran.iter().map(|byte| *byte == 1));
        keep_all_that_it_calls(&facts, ensure, &mut stays);
        keep_the_small(&facts, &mut stays);
        let mut plan = Self {
            index: Vec::new(),
            stubs: vec![None; stays.len()],
            sentinel: 0,
            slots: 0,
            now: facts.pieces.clone(),
            later: Vec::new(),
            stays,
            facts,
            ensure,
        };
        plan.place_stubs()?;
        plan.number();
        Ok(plan)
    }

    /// A stub for whatever the first module can name: by a call, in the table or as an export.
    fn place_stubs(&mut self) -> Result<()> {
        let size = self.facts.tables.first().context("the module has no table")?.initial;
        self.sentinel = u32::try_from(size)?;
        let mut next = self.sentinel + 1;
        for (slot, function) in &self.facts.slots {
            if !flag(&self.stays, *function)
                && let Some(stub) = self.stubs.get_mut(*function as usize)
            {
                *stub = Some(*slot);
            }
        }
        let called = (0u32..).zip(&self.stays).filter(|(_, stays)| **stays);
        let called = called.flat_map(|(function, _)| self.facts.called_by(function));
        let named = called.chain(self.facts.exported.iter().map(|(_, function)| function));
        for function in named {
            if !flag(&self.stays, *function)
                && let Some(stub @ None) = self.stubs.get_mut(*function as usize)
            {
                *stub = Some(next);
                next += 1;
            }
        }
        self.slots = next;
        Ok(())
    }

    /// Constants that no function of the first module can come by go with the second.
    fn part_data(&mut self, data: &Data) {
        let same = data.segments.len() == self.facts.pieces.len()
            && data.segments.iter().zip(&self.facts.pieces).all(|(segment, (address, bytes))| {
                segment.address == *address && segment.bytes == *bytes
            });
        if !same {
            return;
        }
        let stay = || {
            (self.facts.imported..self.facts.functions())
                .filter(|function| flag(&self.stays, *function))
        };
        let known = |function: &u32| {
            self.facts.names.get(function).filter(|name| data.knows(name)).map(String::as_str)
        };
        let by_name = data.needed_by(stay().filter_map(|function| known(&function)));
        // What was made after linking is not known by name: each number in it may be an address.
        let made = stay().filter(|function| known(function).is_none());
        let numbers: Vec<u64> = made
            .filter_map(|function| self.facts.numbers.get(function as usize))
            .flatten()
            .copied()
            .collect();
        let by_number = data.needed_by_numbers(&numbers);
        let needed: Vec<bool> =
            by_name.iter().zip(by_number).map(|(one, other)| *one || other).collect();
        (self.now, self.later) = (Vec::new(), Vec::new());
        for segment in &data.segments {
            let stays = data.needed_bytes(segment, &needed);
            for (is_now, run) in runs(&stays) {
                let bytes = segment.bytes.get(run.clone()).unwrap_or_default().to_vec();
                let pieces = if is_now { &mut self.now } else { &mut self.later };
                pieces.push((segment.address + run.start as u64, bytes));
            }
        }
    }

    fn number(&mut self) {
        let mut next = 0;
        self.index = self
            .stays
            .iter()
            .zip(&self.stubs)
            .map(|(stays, stub)| {
                (*stays || stub.is_some()).then(|| {
                    next += 1;
                    next - 1
                })
            })
            .collect();
    }

    fn stub(&self, function: u32) -> Option<u32> {
        self.stubs.get(function as usize).copied().flatten()
    }

    pub(crate) fn index_of(&self, function: u32) -> Option<u32> {
        self.index.get(function as usize).copied().flatten()
    }

    /// The index of the function that all stubs call, behind all others.
    fn guard(&self) -> u32 {
        self.index.iter().flatten().max().map_or(0, |last| last + 1)
    }

    /// What of the first module the rest calls by name.
    pub(crate) fn shared(&self) -> Vec<u32> {
        let gone = (0u32..).zip(&self.stays).filter(|(_, stays)| !**stays);
        let called = gone.flat_map(|(function, _)| self.facts.called_by(function));
        let mut shared: Vec<u32> =
            called.copied().filter(|called| flag(&self.stays, *called)).collect();
        shared.sort_unstable();
        shared.dedup();
        shared
    }
}

pub(crate) fn flag(flags: &[bool], index: u32) -> bool {
    flags.get(index as usize).copied().unwrap_or_default()
}

/// Runs of bytes that stay or go. What lies between two that stay and is hardly longer than the head of a segment stays, too.
fn runs(stays: &[bool]) -> Vec<(bool, Range<usize>)> {
    let mut runs: Vec<(bool, Range<usize>)> = Vec::new();
    let mut start = 0;
    for run in stays.chunk_by(|one, other| one == other) {
        let end = start + run.len();
        let is_now = run.first() == Some(&true) || run.len() < LEAST_GAP;
        match runs.last_mut() {
            Some((before, range)) if *before == is_now => range.end = end,
            _ => runs.push((is_now, start..end)),
        }
        start = end;
    }
    runs
}

fn keep_all_that_it_calls(facts: &Facts, from: u32, stays: &mut [bool]) {
    let mut waiting = vec![from];
    let mut seen = vec![false; stays.len()];
    while let Some(function) = waiting.pop() {
        if let Some(seen @ false) = seen.get_mut(function as usize) {
            *seen = true;
            waiting.extend(facts.called_by(function));
        }
    }
    stays.iter_mut().zip(seen).for_each(|(stays, seen)| *stays |= seen);
}

fn keep_the_small(facts: &Facts, stays: &mut [bool]) {
    for function in facts.imported..facts.functions() {
        let small = facts.sizes.get(function as usize).is_some_and(|size| *size <= SMALL);
        if small
            && facts.called_by(function).iter().all(|called| flag(stays, *called))
            && let Some(stays) = stays.get_mut(function as usize)
        {
            *stays = true;
        }
    }
}

struct First<'p> {
    plan: &'p Plan,
}

/// What can only be found in a broken module, or by a broken plan.
#[derive(Debug)]
pub(crate) struct Broken(pub(crate) &'static str);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Broken {}

pub(crate) type Outcome<T> = Result<T, reencode::Error<Broken>>;

pub(crate) fn broken(what: &'static str) -> reencode::Error<Broken> {
    reencode::Error::UserError(Broken(what))
}

impl Reencode for First<'_> {
    type Error = Broken;

    fn function_index(&mut self, function: u32) -> Outcome<u32> {
        self.plan.index_of(function).ok_or_else(|| broken("the first part names what is gone"))
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Outcome<()> {
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Outcome<()> {
        for (function, kind) in (self.plan.facts.imported..).zip(section) {
            let kind = kind?;
            if self.plan.index_of(function).is_some() {
                functions.function(kind);
            }
        }
        let plain = self
            .plan
            .facts
            .types
            .iter()
            .position(|kind| kind.params().is_empty() && kind.results().is_empty());
        let plain = plain.ok_or_else(|| broken("no function is without parameters and result"))?;
        functions.function(u32::try_from(plain).map_err(|_| broken("too many types"))?);
        Ok(())
    }

    fn parse_table_section(
        &mut self,
        tables: &mut TableSection,
        section: wasmparser::TableSectionReader<'_>,
    ) -> Outcome<()> {
        for (index, table) in section.into_iter().enumerate() {
            let mut table = table?;
            if index == 0 {
                table.ty.initial = u64::from(self.plan.slots);
                table.ty.maximum = table.ty.maximum.map(|most| most.max(table.ty.initial));
            }
            self.parse_table(tables, table)?;
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Outcome<()> {
        for export in section {
            self.parse_export(exports, export?)?;
        }
        for function in self.plan.shared() {
            let index = self.function_index(function)?;
            exports.export(&rest::name_of(function), ExportKind::Func, index);
        }
        for (index, _) in (0u32..).zip(&self.plan.facts.tables) {
            exports.export(&rest::name_of_table(index), ExportKind::Table, index);
        }
        for (index, _) in (0u32..).zip(&self.plan.facts.globals) {
            exports.export(&rest::name_of_global(index), ExportKind::Global, index);
        }
        exports.export(rest::MEMORY, ExportKind::Memory, 0);
        Ok(())
    }

    fn data_count(&mut self, _: u32) -> Outcome<u32> {
        u32::try_from(self.plan.now.len()).map_err(|_| broken("too much data"))
    }

    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        _: DataSectionReader<'_>,
    ) -> Outcome<()> {
        rest::write_data(data, &self.plan.now);
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Outcome<()> {
        for (function, body) in (self.plan.facts.imported..).zip(section) {
            if let Some(slot) = self.plan.stub(function) {
                code.function(&self.stub(function, slot)?);
            } else if flag(&self.plan.stays, function) {
                self.parse_function_body(code, body?)?;
            }
        }
        code.function(&self.guard()?);
        Ok(())
    }
}

impl First<'_> {
    /// Sees to it that the rest is there, and calls what stands in the slot.
    fn stub(&self, function: u32, slot: u32) -> Outcome<Function> {
        let kind = self.plan.facts.type_of(function);
        let (index, kind) = kind.map_err(|_| broken("a function has no type"))?;
        let mut stub = Function::new([]);
        stub.instruction(&Instruction::Call(self.plan.guard()));
        for (parameter, _) in (0u32..).zip(kind.params()) {
            stub.instruction(&Instruction::LocalGet(parameter));
        }
        stub.instruction(&Instruction::I32Const(slot.cast_signed()));
        stub.instruction(&Instruction::CallIndirect { type_index: index, table_index: 0 });
        stub.instruction(&Instruction::End);
        Ok(stub)
    }

    fn guard(&mut self) -> Outcome<Function> {
        let mut guard = Function::new([]);
        guard.instruction(&Instruction::I32Const(self.plan.sentinel.cast_signed()));
        guard.instruction(&Instruction::TableGet(0));
        guard.instruction(&Instruction::RefIsNull);
        guard.instruction(&Instruction::If(wasm_encoder::BlockType::Empty));
        guard.instruction(&Instruction::Call(self.function_index(self.plan.ensure)?));
        guard.instruction(&Instruction::End);
        guard.instruction(&Instruction::End);
        Ok(guard)
    }
}
