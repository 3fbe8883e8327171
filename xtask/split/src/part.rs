//! The first module: what is needed from the start, and stubs for what it calls of the others.

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

/// Most parts besides the first.
const MOST: u8 = 64;

/// Data, by its addresses.
pub(crate) type Pieces = Vec<(u64, Vec<u8>)>;

/// All modules.
pub struct Parts {
    /// Is to be loaded first. It works alone until it calls something of another.
    pub first: Vec<u8>,
    /// Each takes `{ p: exports of the first }`.
    pub rest: Vec<Vec<u8>>,
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
    /// The part of each function; 0 is the first module.
    pub(crate) parts: Vec<u8>,
    /// How many parts there are besides the first.
    pub(crate) count: u8,
    /// The slot through which a function of another part is called, where it is.
    pub(crate) stubs: Vec<Option<u32>>,
    /// A slot for each part besides the first, from here on: empty until the part is there.
    pub(crate) sentinels: u32,
    /// The size of the table from now on.
    pub(crate) slots: u32,
    /// Each function's index in the first module.
    pub(crate) index: Vec<Option<u32>>,
    /// The data of each part.
    pub(crate) data: Vec<Pieces>,
    ensure: u32,
}

/// Parts a module: `cut` has the part of each function of its own, 0 for the first module.
///
/// # Errors
/// The module is broken, `cut` is for another one, or [`ENSURE`] is not among its exports.
///
/// `linked` is the module as the linker wrote it, if that has told where its data is used (`--emit-relocs`); without it all
/// data stays.
pub fn part(wasm: &[u8], cut: &[u8], linked: Option<&[u8]>) -> Result<Parts> {
    let mut plan = Plan::of(Facts::of(wasm)?, cut)?;
    if let Some(linked) = linked {
        plan.part_data(&Data::of(linked)?);
    }
    let mut first = Module::new();
    First { plan: &plan }.parse_core_module(&mut first, Parser::new(0), wasm)?;
    let rest =
        (1..=plan.count).map(|part| rest::write(&plan, part, wasm)).collect::<Result<_>>()?;
    let stayed = plan.parts.iter().filter(|part| **part == 0).count();
    Ok(Parts {
        first: first.finish(),
        rest,
        stayed,
        gone: plan.parts.len() - stayed,
        stubs: plan.stubs.iter().flatten().count(),
        data: plan.data.iter().skip(1).flatten().map(|(_, bytes)| bytes.len()).sum(),
    })
}

impl Plan {
    fn of(facts: Facts, cut: &[u8]) -> Result<Self> {
        let count = cut.iter().copied().max().unwrap_or_default();
        if cut.len() != facts.defined() as usize || count > MOST {
            bail!("the cut is not one for this module");
        }
        let (_, ensure) = facts
            .exported
            .iter()
            .find(|(name, _)| name == ENSURE)
            .with_context(|| format!("the module does not export `{ENSURE}`"))?;
        let ensure = *ensure;
        let mut parts = vec![0; facts.imported as usize];
        parts.extend(cut);
        keep_all_that_it_calls(&facts, ensure, &mut parts);
        keep_the_small(&facts, &mut parts);
        let mut data = vec![Vec::new(); usize::from(count) + 1];
        if let Some(first) = data.first_mut() {
            first.clone_from(&facts.pieces);
        }
        let mut plan = Self {
            index: Vec::new(),
            stubs: vec![None; parts.len()],
            sentinels: 0,
            slots: 0,
            data,
            parts,
            count,
            facts,
            ensure,
        };
        plan.place_stubs()?;
        plan.number();
        Ok(plan)
    }

    /// A stub for whatever the first module or another part can name: by a call, in the table or as an export.
    fn place_stubs(&mut self) -> Result<()> {
        let size = self.facts.tables.first().context("the module has no table")?.initial;
        self.sentinels = u32::try_from(size)?;
        let mut next = self.sentinels + u32::from(self.count);
        for (slot, function) in &self.facts.slots {
            if part_of(&self.parts, *function) != 0
                && let Some(stub) = self.stubs.get_mut(*function as usize)
            {
                *stub = Some(*slot);
            }
        }
        let called = (0u32..).zip(&self.parts).flat_map(|(function, part)| {
            let calls = self.facts.called_by(function).iter();
            calls.filter(|called| part_of(&self.parts, **called) != *part)
        });
        let named = called.chain(self.facts.exported.iter().map(|(_, function)| function));
        for function in named {
            if part_of(&self.parts, *function) != 0
                && let Some(stub @ None) = self.stubs.get_mut(*function as usize)
            {
                *stub = Some(next);
                next += 1;
            }
        }
        self.slots = next;
        Ok(())
    }

    /// The slot that is empty until a part is there.
    pub(crate) fn sentinel(&self, part: u8) -> u32 {
        self.sentinels + u32::from(part) - 1
    }

    /// Constants that only functions of one part can come by go with it.
    fn part_data(&mut self, data: &Data) {
        let same = data.segments.len() == self.facts.pieces.len()
            && data.segments.iter().zip(&self.facts.pieces).all(|(segment, (address, bytes))| {
                segment.address == *address && segment.bytes == *bytes
            });
        if !same {
            return;
        }
        let needed: Vec<Vec<bool>> =
            (0..=self.count).map(|part| self.needed_by(data, part)).collect();
        // Of each symbol, the part that alone needs it.
        let parts: Vec<u8> = (0..data.symbols())
            .map(|symbol| {
                let mut by = (0..=self.count)
                    .zip(&needed)
                    .filter(|(_, needed)| needed.get(symbol).copied().unwrap_or_default());
                match (by.next(), by.next()) {
                    (Some((part, _)), None) => part,
                    // What nobody is known to need waits longest.
                    (None, _) if self.count == 1 => 1,
                    _ => 0,
                }
            })
            .collect();
        for pieces in &mut self.data {
            pieces.clear();
        }
        for segment in &data.segments {
            for (part, run) in runs(&data.parts_of_bytes(segment, &parts)) {
                let bytes = segment.bytes.get(run.clone()).unwrap_or_default().to_vec();
                if let Some(pieces) = self.data.get_mut(usize::from(part)) {
                    pieces.push((segment.address + run.start as u64, bytes));
                }
            }
        }
    }

    /// The symbols that the functions of a part need.
    fn needed_by(&self, data: &Data, part: u8) -> Vec<bool> {
        let own = || {
            (self.facts.imported..self.facts.functions())
                .filter(move |function| part_of(&self.parts, *function) == part)
        };
        let known = |function: &u32| {
            self.facts.names.get(function).filter(|name| data.knows(name)).map(String::as_str)
        };
        let by_name = data.needed_by(own().filter_map(|function| known(&function)));
        // What was made after linking is not known by name: each number in it may be an address.
        let made = own().filter(|function| known(function).is_none());
        let numbers: Vec<u64> = made
            .filter_map(|function| self.facts.numbers.get(function as usize))
            .flatten()
            .copied()
            .collect();
        let by_number = data.needed_by_numbers(&numbers);
        by_name.iter().zip(by_number).map(|(one, other)| *one || other).collect()
    }

    fn number(&mut self) {
        let mut next = 0;
        self.index = self
            .parts
            .iter()
            .zip(&self.stubs)
            .map(|(part, stub)| {
                (*part == 0 || stub.is_some()).then(|| {
                    next += 1;
                    next - 1
                })
            })
            .collect();
    }

    pub(crate) fn pieces(&self, part: u8) -> &[(u64, Vec<u8>)] {
        self.data.get(usize::from(part)).map_or(&[], Vec::as_slice)
    }

    fn stub(&self, function: u32) -> Option<u32> {
        self.stubs.get(function as usize).copied().flatten()
    }

    pub(crate) fn index_of(&self, function: u32) -> Option<u32> {
        self.index.get(function as usize).copied().flatten()
    }

    /// The index of the function that all stubs of a part call, behind all others.
    fn guard(&self, part: u8) -> u32 {
        self.index.iter().flatten().max().map_or(0, |last| last + u32::from(part))
    }

    /// What a part calls by name and has not: functions of the first module, or stubs there.
    pub(crate) fn shared(&self, part: u8) -> Vec<u32> {
        let own = (0u32..).zip(&self.parts).filter(|(_, of)| **of == part);
        let called = own.flat_map(|(function, _)| self.facts.called_by(function));
        let mut shared: Vec<u32> =
            called.copied().filter(|called| part_of(&self.parts, *called) != part).collect();
        shared.sort_unstable();
        shared.dedup();
        shared
    }
}

pub(crate) fn part_of(parts: &[u8], function: u32) -> u8 {
    parts.get(function as usize).copied().unwrap_or_default()
}

/// Runs of bytes of one part. What lies between two that stay and is hardly longer than the head of a segment stays, too.
fn runs(parts: &[u8]) -> Vec<(u8, Range<usize>)> {
    let mut runs: Vec<(u8, Range<usize>)> = Vec::new();
    let mut start = 0;
    for run in parts.chunk_by(|one, other| one == other) {
        let end = start + run.len();
        let part = run.first().copied().filter(|_| run.len() >= LEAST_GAP).unwrap_or_default();
        match runs.last_mut() {
            Some((before, range)) if *before == part => range.end = end,
            _ => runs.push((part, start..end)),
        }
        start = end;
    }
    runs
}

fn keep_all_that_it_calls(facts: &Facts, from: u32, parts: &mut [u8]) {
    let mut waiting = vec![from];
    let mut seen = vec![false; parts.len()];
    while let Some(function) = waiting.pop() {
        if let Some(seen @ false) = seen.get_mut(function as usize) {
            *seen = true;
            waiting.extend(facts.called_by(function));
        }
    }
    parts.iter_mut().zip(seen).filter(|(_, seen)| *seen).for_each(|(part, _)| *part = 0);
}

fn keep_the_small(facts: &Facts, parts: &mut [u8]) {
    for function in facts.imported..facts.functions() {
        let small = facts.sizes.get(function as usize).is_some_and(|size| *size <= SMALL);
        if small
            && facts.called_by(function).iter().all(|called| part_of(parts, *called) == 0)
            && let Some(part) = parts.get_mut(function as usize)
        {
            *part = 0;
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
        let plain = u32::try_from(plain).map_err(|_| broken("too many types"))?;
        for _ in 0..self.plan.count {
            functions.function(plain);
        }
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
        let mut shared: Vec<u32> =
            (1..=self.plan.count).flat_map(|part| self.plan.shared(part)).collect();
        shared.sort_unstable();
        shared.dedup();
        for function in shared {
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
        u32::try_from(self.plan.pieces(0).len()).map_err(|_| broken("too much data"))
    }

    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        _: DataSectionReader<'_>,
    ) -> Outcome<()> {
        rest::write_data(data, self.plan.pieces(0));
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
            } else if part_of(&self.plan.parts, function) == 0 {
                self.parse_function_body(code, body?)?;
            }
        }
        for part in 1..=self.plan.count {
            code.function(&self.guard(part)?);
        }
        Ok(())
    }
}

impl First<'_> {
    /// Sees to it that the function's part is there, and calls what stands in the slot.
    fn stub(&self, function: u32, slot: u32) -> Outcome<Function> {
        let kind = self.plan.facts.type_of(function);
        let (index, kind) = kind.map_err(|_| broken("a function has no type"))?;
        let mut stub = Function::new([]);
        let part = part_of(&self.plan.parts, function);
        stub.instruction(&Instruction::Call(self.plan.guard(part)));
        for (parameter, _) in (0u32..).zip(kind.params()) {
            stub.instruction(&Instruction::LocalGet(parameter));
        }
        stub.instruction(&Instruction::I32Const(slot.cast_signed()));
        stub.instruction(&Instruction::CallIndirect { type_index: index, table_index: 0 });
        stub.instruction(&Instruction::End);
        Ok(stub)
    }

    fn guard(&mut self, part: u8) -> Outcome<Function> {
        let mut guard = Function::new([]);
        guard.instruction(&Instruction::I32Const(self.plan.sentinel(part).cast_signed()));
        guard.instruction(&Instruction::TableGet(0));
        guard.instruction(&Instruction::RefIsNull);
        guard.instruction(&Instruction::If(wasm_encoder::BlockType::Empty));
        guard.instruction(&Instruction::I32Const(i32::from(part)));
        guard.instruction(&Instruction::Call(self.function_index(self.plan.ensure)?));
        guard.instruction(&Instruction::End);
        guard.instruction(&Instruction::End);
        Ok(guard)
    }
}
