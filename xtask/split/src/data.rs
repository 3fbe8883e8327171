//! Which function uses which constants: what the linker has told (`--emit-relocs`).

use std::collections::HashMap;
use std::ops::Range;

use anyhow::{Context as _, Result, bail};
use wasmparser::{
    DataKind, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocSectionReader,
    RelocationType, SymbolInfo,
};

/// A stretch of memory that a module fills when it is made.
pub(crate) struct Segment {
    pub(crate) address: u64,
    pub(crate) bytes: Vec<u8>,
    /// Nothing writes here.
    pub(crate) is_constant: bool,
    /// Where its bytes stand in the file.
    file: Range<u64>,
}

/// One constant or variable.
struct Symbol {
    place: Range<u64>,
    /// The symbols that it points to.
    uses: Vec<usize>,
    /// The functions that it points to, by name.
    calls: Vec<String>,
}

/// The data of a module as it was linked, before anything else touched it.
#[derive(Default)]
pub(crate) struct Data {
    pub(crate) segments: Vec<Segment>,
    symbols: Vec<Symbol>,
    /// The symbols that each function names.
    functions: HashMap<String, Vec<usize>>,
    /// The functions whose places in the table each function names.
    pointers: HashMap<String, Vec<String>>,
    /// What bytes of no symbol point to.
    loose: Vec<usize>,
}

/// What is read first and put together later.
#[derive(Default)]
struct Raw<'a> {
    data: Data,
    imported: u32,
    bodies: Vec<Range<u64>>,
    code: u64,
    data_start: u64,
    names: HashMap<u32, String>,
    constant_segments: Vec<u32>,
    symbols: Vec<SymbolInfo<'a>>,
    relocations: Vec<(String, RelocSectionReader<'a>)>,
}

impl Data {
    /// Reads a linked module.
    pub(crate) fn of(linked: &[u8]) -> Result<Self> {
        let mut raw = Raw::default();
        for payload in Parser::new(0).parse_all(linked) {
            raw.note(payload?)?;
        }
        raw.finish()
    }

    /// The symbols that these functions need, with all that those point to.
    pub(crate) fn needed_by<'n>(&self, functions: impl Iterator<Item = &'n str>) -> Vec<bool> {
        let named = functions.filter_map(|name| self.functions.get(name)).flatten().copied();
        self.reached(named.collect())
    }

    /// As [`Data::needed_by`], for numbers that may be addresses.
    pub(crate) fn needed_by_numbers(&self, numbers: &[u64]) -> Vec<bool> {
        let holds = |symbol: &Symbol, number: &u64| {
            symbol.place.start <= *number && *number <= symbol.place.end
        };
        let held = self
            .symbols
            .iter()
            .enumerate()
            .filter(|(_, symbol)| numbers.iter().any(|number| holds(symbol, number)));
        self.reached(held.map(|(index, _)| index).collect())
    }

    pub(crate) fn knows(&self, function: &str) -> bool {
        self.functions.contains_key(function)
    }

    /// How many symbols there are.
    pub(crate) fn symbols(&self) -> usize {
        self.symbols.len()
    }

    /// The symbols that a function names.
    pub(crate) fn used_by(&self, function: &str) -> impl Iterator<Item = usize> {
        self.functions.get(function).into_iter().flatten().copied()
    }

    /// The functions that a function hands on without calling them.
    pub(crate) fn pointed_at_by(&self, function: &str) -> &[String] {
        self.pointers.get(function).map_or(&[], Vec::as_slice)
    }

    /// The symbols, and the functions by name, that a symbol points to.
    pub(crate) fn led_to_by(&self, symbol: usize) -> (&[usize], &[String]) {
        self.symbols.get(symbol).map_or((&[], &[]), |symbol| (&symbol.uses, &symbol.calls))
    }

    /// What bytes of no symbol point to.
    pub(crate) fn loose(&self) -> impl Iterator<Item = usize> {
        self.loose.iter().copied()
    }

    fn reached(&self, mut waiting: Vec<usize>) -> Vec<bool> {
        waiting.extend(&self.loose);
        let mut reached = vec![false; self.symbols.len()];
        while let Some(index) = waiting.pop() {
            if let (Some(seen @ false), Some(symbol)) =
                (reached.get_mut(index), self.symbols.get(index))
            {
                *seen = true;
                waiting.extend(&symbol.uses);
            }
        }
        reached
    }

    /// For each byte of a segment, its part, if each symbol has the part that is given. What two symbols of different parts share is of the first
    /// one, as are bytes of no symbol, unless they are 0: memory is that by itself.
    pub(crate) fn parts_of_bytes(&self, segment: &Segment, parts: &[u8]) -> Vec<u8> {
        if !segment.is_constant {
            return vec![0; segment.bytes.len()];
        }
        let mut marks: Vec<Option<u8>> = vec![None; segment.bytes.len()];
        let within = |address: u64| {
            usize::try_from(address.saturating_sub(segment.address))
                .unwrap_or(usize::MAX)
                .min(segment.bytes.len())
        };
        for (symbol, part) in self.symbols.iter().zip(parts) {
            let place = within(symbol.place.start)..within(symbol.place.end);
            for mark in marks.get_mut(place).unwrap_or_default() {
                *mark = Some(if mark.is_none_or(|known| known == *part) { *part } else { 0 });
            }
        }
        let mut before = 0;
        marks
            .iter()
            .zip(&segment.bytes)
            .map(|(mark, byte)| {
                before = match mark {
                    Some(part) => *part,
                    None if *byte == 0 => before,
                    None => 0,
                };
                before
            })
            .collect()
    }
}

impl<'a> Raw<'a> {
    fn note(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    self.imported += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionStart { unchecked_range, .. } => self.code = unchecked_range.start,
            Payload::CodeSectionEntry(body) => self.bodies.push(body.range()),
            Payload::DataSection(section) => {
                self.data_start = section.range().start;
                for segment in section {
                    let segment = segment?;
                    let DataKind::Active { memory_index: 0, offset_expr } = segment.kind else {
                        bail!("a segment of data has no place");
                    };
                    let Operator::I32Const { value } = offset_expr.get_operators_reader().read()?
                    else {
                        bail!("a segment of data has no constant place");
                    };
                    let end = segment.range.end;
                    self.data.segments.push(Segment {
                        address: u64::from(value.cast_unsigned()),
                        bytes: segment.data.to_vec(),
                        is_constant: false,
                        file: end - segment.data.len() as u64..end,
                    });
                }
            }
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Name(names) => {
                    for name in names {
                        match name? {
                            Name::Function(map) => {
                                for name in map {
                                    let name = name?;
                                    self.names.insert(name.index, name.name.to_owned());
                                }
                            }
                            Name::Data(map) => {
                                for name in map {
                                    let name = name?;
                                    if name.name.starts_with(".rodata") {
                                        self.constant_segments.push(name.index);
                                    }
                                }
                            }
                            _ => {}
                        }
                    }
                }
                KnownCustom::Linking(linking) => {
                    for part in linking {
                        if let Linking::SymbolTable(table) = part? {
                            self.symbols = table.into_iter().collect::<Result<_, _>>()?;
                        }
                    }
                }
                KnownCustom::Reloc(relocations) => {
                    self.relocations.push((section.name().to_owned(), relocations));
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Data> {
        for index in &self.constant_segments {
            if let Some(segment) = self.data.segments.get_mut(*index as usize) {
                segment.is_constant = true;
            }
        }
        // Places in memory, and in the file, of the symbols that are data; others stand for nothing.
        let mut files = Vec::new();
        for (index, symbol) in self.symbols.iter().enumerate() {
            let (mut place, mut file) = (0..0, 0..0);
            if let SymbolInfo::Data { symbol: Some(symbol), .. } = symbol {
                let segment = self.data.segments.get(symbol.index as usize);
                let segment = segment.context("a symbol lies in no segment")?;
                let (from, size) = (u64::from(symbol.offset), u64::from(symbol.size));
                place = segment.address + from..segment.address + from + size;
                file = segment.file.start + from..segment.file.start + from + size;
            }
            if file.end > file.start {
                files.push((file, index));
            }
            self.data.symbols.push(Symbol { place, uses: Vec::new(), calls: Vec::new() });
        }
        files.sort_by_key(|(file, _)| (file.start, file.end));
        let functions: Vec<(Range<u64>, String)> = (self.imported..)
            .zip(&self.bodies)
            .filter_map(|(index, body)| Some((body.clone(), self.names.get(&index)?.clone())))
            .collect();
        let mut named: HashMap<String, Vec<usize>> =
            functions.iter().map(|(_, name)| (name.clone(), Vec::new())).collect();
        for (section, relocations) in &self.relocations {
            for relocation in relocations.entries() {
                let relocation = relocation?;
                let target = relocation.index as usize;
                let pointed = points_to_function(relocation.ty)
                    .then(|| match self.symbols.get(target) {
                        Some(SymbolInfo::Func { index, .. }) => self.names.get(index).cloned(),
                        _ => None,
                    })
                    .flatten();
                if pointed.is_none() && !names_data(relocation.ty) {
                    continue;
                }
                if section == "reloc.CODE" {
                    let at = self.code + u64::from(relocation.offset);
                    let index = functions.partition_point(|(body, _)| body.end <= at);
                    let function = functions.get(index).filter(|(body, _)| body.contains(&at));
                    let (_, name) = function.context("a relocation lies in no function")?;
                    match pointed {
                        Some(pointed) => {
                            self.data.pointers.entry(name.clone()).or_default().push(pointed);
                        }
                        None => named.entry(name.clone()).or_default().push(target),
                    }
                } else if section == "reloc.DATA" {
                    let at = self.data_start + u64::from(relocation.offset);
                    // Symbols may lie in one another; they begin not far before the place.
                    let end = files.partition_point(|(file, _)| file.start <= at);
                    let mut is_loose = true;
                    for (file, index) in files.iter().take(end).rev().take(64) {
                        if file.contains(&at)
                            && let Some(symbol) = self.data.symbols.get_mut(*index)
                        {
                            match &pointed {
                                Some(pointed) => symbol.calls.push(pointed.clone()),
                                None => symbol.uses.push(target),
                            }
                            is_loose = false;
                        }
                    }
                    if is_loose && pointed.is_none() {
                        self.data.loose.push(target);
                    }
                }
            }
        }
        self.data.functions = named;
        Ok(self.data)
    }
}

fn points_to_function(kind: RelocationType) -> bool {
    use RelocationType as Kind;
    matches!(kind, Kind::TableIndexSleb | Kind::TableIndexI32 | Kind::TableIndexRelSleb)
}

fn names_data(kind: RelocationType) -> bool {
    use RelocationType as Kind;
    matches!(
        kind,
        Kind::MemoryAddrLeb
            | Kind::MemoryAddrSleb
            | Kind::MemoryAddrI32
            | Kind::MemoryAddrRelSleb
            | Kind::MemoryAddrLocrelI32
    )
}
