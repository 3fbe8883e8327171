//! Gives each function a byte that it sets when it is called.

use std::convert::Infallible;

use anyhow::{Context as _, Result};
use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{CodeSection, Instruction, MemArg, MemArgTarget, MemoryType, Module};
use wasmparser::{FunctionBody, Parser};

use crate::Facts;

const PAGE: u64 = 65536;

/// A module that notes what runs.
pub struct Watched {
    /// The module.
    pub wasm: Vec<u8>,
    /// Where in its memory the bytes stand.
    pub address: u64,
    /// How many they are: one for each function of its own.
    pub count: u32,
}

/// Adds pages behind the memory that the module was linked with, and has each function set its byte there.
///
/// # Errors
/// The module is broken.
pub fn watch(wasm: &[u8]) -> Result<Watched> {
    let facts = Facts::of(wasm)?;
    let pages = facts.memories.first().context("the module has no memory")?.initial;
    let mut watcher =
        Watcher { address: pages * PAGE, more: u64::from(facts.defined()).div_ceil(PAGE), next: 0 };
    let mut module = Module::new();
    watcher.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(Watched { wasm: module.finish(), address: watcher.address, count: facts.defined() })
}

struct Watcher {
    address: u64,
    more: u64,
    next: u64,
}

impl Reencode for Watcher {
    type Error = Infallible;

    fn memory_type(
        &mut self,
        memory: wasmparser::MemoryType,
    ) -> Result<MemoryType, reencode::Error<Self::Error>> {
        let mut memory = utils::memory_type(self, memory);
        memory.minimum += self.more;
        memory.maximum = memory.maximum.map(|most| most + self.more);
        Ok(memory)
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        function.instruction(&Instruction::I32Const(0));
        function.instruction(&Instruction::I32Const(1));
        let offset = self.address + self.next;
        function.instruction(&Instruction::I32Store8(MemArg {
            offset,
            align: 0,
            target: MemArgTarget::default(),
            ordering: None,
        }));
        self.next += 1;
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            function.instruction(&self.parse_instruction(&mut reader)?);
        }
        code.function(&function);
        Ok(())
    }
}
