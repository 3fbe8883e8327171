//! Constants go with the functions that need them, and only with those.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "these are tests")]

use throughline_split::{Entry, Group, Parts, groups, part};
use wasm_encoder::{CustomSection, DataSymbolDefinition, Encode, LinkingSection, SymbolTable};
use wasmparser::{DataKind, Operator, Parser, Payload};

/// `begin` reads the first words and, through the pointer behind them, the third; `later` reads the second ones.
const WHOLE: &str = r#"(module
  (import "page" "loadRest" (func $load (param i32)))
  (memory (export "memory") 1)
  (table 1 1 funcref)
  (data $.rodata (i32.const 1024)
    "words that the start reads\00\00"
    "\58\04\00\00"
    "second words, which nobody reads"
    "and the third ones, behind a pointer")
  (func $ensure (export "ensureRest") (param i32) (call $load (local.get 0)))
  (type $plain (func))
  (func $begin (export "begin") (result i32) (i32.add (i32.load8_u (i32.const 1024)) (i32.add (i32.const 1000000001) (i32.sub (i32.const 1000000000) (i32.const 2000000000)))))
  (func $later (export "later") (result i32)
    (i32.mul (i32.add (i32.load8_u (i32.const 1056)) (i32.const 100000)) (i32.add (i32.load8_u (i32.const 1057)) (i32.const 100000)))))"#;

/// Offset and size in the segment: first words, pointer, second words, third words.
const SYMBOLS: [(u32, u32); 4] = [(0, 28), (28, 4), (32, 32), (64, 36)];

/// As the linker tells it: a kind, the place in the section, the symbol and what is added to its address.
fn relocations(section: u32, entries: &[(u32, u32)], name: &'static str) -> Vec<u8> {
    const ADDRESS: u8 = 5;
    let mut data = Vec::new();
    section.encode(&mut data);
    u32::try_from(entries.len()).unwrap().encode(&mut data);
    for (place, symbol) in entries {
        data.push(ADDRESS);
        place.encode(&mut data);
        symbol.encode(&mut data);
        0_i32.encode(&mut data);
    }
    let section = CustomSection { name: name.into(), data: (&data).into() };
    let mut bytes = vec![0];
    section.encode(&mut bytes);
    bytes
}

/// The module with what the linker tells about it.
fn linked(whole: &[u8], uses_of_begin: &[u32]) -> Vec<u8> {
    let mut bodies = Vec::new();
    let mut code = 0;
    for payload in Parser::new(0).parse_all(whole) {
        match payload.unwrap() {
            Payload::CodeSectionStart { unchecked_range, .. } => code = unchecked_range.start,
            Payload::CodeSectionEntry(body) => bodies.push(body.range().start),
            _ => {}
        }
    }
    let place = |function: usize| u32::try_from(bodies[function] - code).unwrap();
    let mut symbols = SymbolTable::new();
    for (index, (offset, size)) in SYMBOLS.into_iter().enumerate() {
        let definition = DataSymbolDefinition { index: 0, offset, size };
        symbols.data(0, &format!("constant{index}"), Some(definition));
    }
    let mut linking = LinkingSection::new();
    linking.symbol_table(&symbols);
    let mut bytes = whole.to_vec();
    bytes.push(0);
    linking.encode(&mut bytes);
    let code: Vec<(u32, u32)> =
        uses_of_begin.iter().map(|symbol| (place(1), *symbol)).chain([(place(2), 2)]).collect();
    bytes.extend(relocations(5, &code, "reloc.CODE"));
    // The pointer stands behind the head of the section: one segment, its kind, its address, its length.
    let head = 1 + 1 + 4 + 1;
    bytes.extend(relocations(6, &[(head + 28, 3)], "reloc.DATA"));
    bytes
}

fn parted(uses_of_begin: &[u32]) -> Parts {
    let whole = wat::parse_str(WHOLE).unwrap();
    part(&whole, &[1, 0, 1], Some(&linked(&whole, uses_of_begin))).unwrap()
}

/// What a module writes into memory.
fn written(wasm: &[u8]) -> Vec<(i32, Vec<u8>)> {
    let mut out = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::DataSection(section) = payload.unwrap() {
            for piece in section {
                let piece = piece.unwrap();
                let DataKind::Active { offset_expr, .. } = piece.kind else { continue };
                if let Ok(Operator::I32Const { value }) = offset_expr.get_operators_reader().read()
                {
                    out.push((value, piece.data.to_vec()));
                }
            }
        }
    }
    out
}

#[test]
fn what_the_first_part_names_stays_with_all_that_it_points_to() {
    let parts = parted(&[0, 1]);
    assert_eq!(written(&parts.rest[0]), [(1056, b"second words, which nobody reads".to_vec())]);
    let first = written(&parts.first);
    assert_eq!(
        first.iter().map(|(place, bytes)| (*place, bytes.len())).collect::<Vec<_>>(),
        [(1024, 32), (1088, 36)]
    );
    assert_eq!(parts.data, 32);
}

#[test]
fn what_only_a_pointer_that_goes_points_to_goes() {
    let parts = parted(&[0]);
    let rest = written(&parts.rest[0]);
    assert_eq!(
        rest.iter().map(|(place, bytes)| (*place, bytes.len())).collect::<Vec<_>>(),
        [(1052, 72)]
    );
}

#[test]
fn data_that_is_not_as_it_was_linked_stays() {
    let whole = wat::parse_str(WHOLE).unwrap();
    let other = wat::parse_str(WHOLE.replace("second words", "other words!")).unwrap();
    let parts = part(&whole, &[1, 0, 1], Some(&linked(&other, &[0]))).unwrap();
    assert_eq!(parts.data, 0);
    assert!(written(&parts.rest[0]).is_empty());
}

#[test]
fn a_group_is_what_only_its_functions_lead_to() {
    let whole = wat::parse_str(WHOLE).unwrap();
    let linked = linked(&whole, &[0]);
    let of = |texts: &[&'static str]| {
        let group = |text: &&'static str| Group { text, entry: Entry::Tables };
        groups(&whole, &linked, &texts.iter().map(group).collect::<Vec<_>>()).unwrap()
    };
    assert_eq!(of(&["later"]), [0, 0, 1]);
    assert_eq!(of(&["nobody"]), [0, 0, 0]);
    assert_eq!(of(&["begin", "later"]), [0, 1, 2]);
    assert_eq!(of(&["nobody", "begin|later"]), [0, 2, 2]);
}

/// `one` and `two` both call what bears the name of the first; the start calls `rare`.
#[test]
fn what_a_group_is_not_alone_in_calling_is_not_its_own() {
    let whole = wat::parse_str(
        r#"(module
          (memory 1)
          (func $one (export "one") (result i32) (call $one_helper))
          (func $two (export "two") (result i32) (call $one_helper))
          (func $one_helper (result i32) (i32.const 1))
          (func $rare (result i32) (i32.const 2))
          (func (export "begin") (result i32)
            (call $rare)))"#,
    )
    .unwrap();
    let group = |text, entry| Group { text, entry };
    let parts = |entry| {
        let asked =
            [group("one", Entry::Tables), group("two", Entry::Tables), group("rare", entry)];
        groups(&whole, &whole, &asked).unwrap()
    };
    assert_eq!(parts(Entry::Calls), [1, 2, 0, 3, 0]);
    assert_eq!(parts(Entry::Tables), [1, 2, 0, 0, 0]);
}

#[test]
fn data_goes_with_the_part_that_alone_needs_it() {
    let whole = wat::parse_str(WHOLE).unwrap();
    let parts = part(&whole, &[0, 1, 2], Some(&linked(&whole, &[0]))).unwrap();
    let places = |wasm: &[u8]| -> Vec<(i32, usize)> {
        written(wasm).into_iter().map(|(place, bytes)| (place, bytes.len())).collect()
    };
    assert_eq!(places(&parts.rest[0]), [(1024, 28)]);
    assert_eq!(places(&parts.rest[1]), [(1056, 32)]);
    // What nobody is known to need stays, as there is no telling with whom it would go.
    assert_eq!(places(&parts.first), [(1052, 4), (1088, 36)]);
}

#[test]
fn stripping_leaves_what_runs() {
    let whole = wat::parse_str(WHOLE).unwrap();
    let stripped = throughline_split::strip(&linked(&whole, &[0])).unwrap();
    assert_eq!(written(&stripped), written(&whole));
    let customs = Parser::new(0)
        .parse_all(&stripped)
        .filter(|payload| matches!(payload, Ok(Payload::CustomSection(_))));
    assert_eq!(customs.count(), 0);
}
