//! What has to be known of a module before it can be parted.

use std::collections::HashMap;

use anyhow::{Context as _, Result, bail};
use wasmparser::{
    CompositeInnerType, DataKind, ElementItems, ElementKind, ExternalKind, FuncType, GlobalType,
    KnownCustom, MemoryType, Name, Operator, Parser, Payload, TableType, TypeRef,
};

/// Data begins behind the first kilobyte.
const LEAST_ADDRESS: u64 = 1000;

/// A module's parts by index, functions counted from the imported ones on.
#[derive(Default)]
pub struct Facts {
    pub(crate) types: Vec<FuncType>,
    /// How many functions are imported.
    pub(crate) imported: u32,
    /// The type of each function.
    pub(crate) function_types: Vec<u32>,
    pub(crate) tables: Vec<TableType>,
    pub(crate) memories: Vec<MemoryType>,
    pub(crate) globals: Vec<GlobalType>,
    /// Exported functions by name.
    pub(crate) exported: Vec<(String, u32)>,
    /// What stands in which slot of the table.
    pub(crate) slots: Vec<(u32, u32)>,
    /// What each function calls by name; nothing for the imported ones.
    pub(crate) calls: Vec<Vec<u32>>,
    /// Each function's name, where one is told.
    pub(crate) names: HashMap<u32, String>,
    /// The numbers in each function that may be addresses of data.
    pub(crate) numbers: Vec<Vec<u64>>,
    /// The data: where each piece goes.
    pub(crate) pieces: Vec<(u64, Vec<u8>)>,
    /// The size of each function's body; 0 for the imported ones.
    pub(crate) sizes: Vec<usize>,
}

impl Facts {
    /// Reads a module.
    ///
    /// # Errors
    /// It is broken, or has something that cannot be parted: several memories, or functions in passive segments.
    pub fn of(wasm: &[u8]) -> Result<Self> {
        let mut facts = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            facts.note(payload?)?;
        }
        if facts.memories.len() != 1 {
            bail!("the module has {} memories instead of one", facts.memories.len());
        }
        Ok(facts)
    }

    fn note(&mut self, payload: Payload<'_>) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for kind in group?.into_types() {
                        let CompositeInnerType::Func(function) = kind.composite_type.inner else {
                            bail!("a type is not that of a function");
                        };
                        self.types.push(function);
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(kind) => {
                            self.imported += 1;
                            self.function_types.push(kind);
                            self.calls.push(Vec::new());
                            self.numbers.push(Vec::new());
                            self.sizes.push(0);
                        }
                        TypeRef::Table(table) => self.tables.push(table),
                        TypeRef::Memory(memory) => self.memories.push(memory),
                        TypeRef::Global(global) => self.globals.push(global),
                        other => bail!("something unknown is imported: {other:?}"),
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for kind in section {
                    self.function_types.push(kind?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memories.push(memory?);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.exported.push((export.name.to_owned(), export.index));
                    }
                }
            }
            Payload::ElementSection(section) => {
                for element in section {
                    self.element(element?)?;
                }
            }
            Payload::CodeSectionEntry(body) => {
                let (mut calls, mut numbers) = (Vec::new(), Vec::new());
                for operator in body.get_operators_reader()? {
                    match operator? {
                        Operator::Call { function_index }
                        | Operator::RefFunc { function_index } => {
                            calls.push(function_index);
                        }
                        Operator::I32Const { value } => {
                            numbers.push(u64::from(value.cast_unsigned()));
                        }
                        Operator::I32Load { memarg }
                        | Operator::I32Load8U { memarg }
                        | Operator::I32Load8S { memarg }
                        | Operator::I32Load16U { memarg }
                        | Operator::I32Load16S { memarg }
                        | Operator::I64Load { memarg }
                        | Operator::F64Load { memarg } => numbers.push(memarg.offset),
                        _ => {}
                    }
                }
                numbers.retain(|number| *number > LEAST_ADDRESS);
                self.numbers.push(numbers);
                calls.sort_unstable();
                calls.dedup();
                self.calls.push(calls);
                self.sizes.push(body.as_bytes().len());
            }
            Payload::DataSection(section) => {
                for piece in section {
                    let piece = piece?;
                    let DataKind::Active { memory_index: 0, offset_expr } = piece.kind else {
                        bail!("a segment of data has no place");
                    };
                    let Operator::I32Const { value } = offset_expr.get_operators_reader().read()?
                    else {
                        bail!("a segment of data has no constant place");
                    };
                    self.pieces.push((u64::from(value.cast_unsigned()), piece.data.to_vec()));
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    for name in names {
                        if let Name::Function(map) = name? {
                            for name in map {
                                let name = name?;
                                self.names.insert(name.index, name.name.to_owned());
                            }
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn element(&mut self, element: wasmparser::Element<'_>) -> Result<()> {
        let ElementItems::Functions(functions) = element.items else {
            return Ok(());
        };
        let ElementKind::Active { table_index: None | Some(0), offset_expr } = element.kind else {
            bail!("functions stand in a segment that is not for the first table");
        };
        let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
            bail!("a segment of the table has no constant place");
        };
        let first = u32::try_from(value).context("a segment of the table lies before it")?;
        for (slot, function) in (first..).zip(functions) {
            self.slots.push((slot, function?));
        }
        Ok(())
    }

    /// How many functions there are, the imported ones included.
    pub fn functions(&self) -> u32 {
        u32::try_from(self.function_types.len()).unwrap_or(u32::MAX)
    }

    /// How many functions are the module's own.
    pub fn defined(&self) -> u32 {
        self.functions() - self.imported
    }

    pub(crate) fn type_of(&self, function: u32) -> Result<(u32, &FuncType)> {
        let index = *self.function_types.get(function as usize).context("no such function")?;
        Ok((index, self.types.get(index as usize).context("no such type")?))
    }

    pub(crate) fn called_by(&self, function: u32) -> &[u32] {
        self.calls.get(function as usize).map_or(&[], Vec::as_slice)
    }
}
