//! A small module is watched, parted, and has to answer as the whole one does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

use throughline_split::{part, watch};
use wasmi::{Caller, Engine, Extern, Instance, Linker, Module, Store};

/// `begin` is what a page does at its start; the other exports need functions that go.
const WHOLE: &str = r#"(module
  (import "page" "loadRest" (func $load (param i32)))
  (type $plain (func))
  (memory (export "memory") 1)
  (table 3 3 funcref)
  (elem (i32.const 1) $by_table $add)
  (global $base (mut i32) (i32.const 7))
  (func (export "ensureRest") (param i32) (call $load (local.get 0)))
  (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func $deep (param i32) (result i32)
    (i32.store (i32.const 64) (local.get 0))
    (global.set $base (i32.add (global.get $base) (i32.const 1000)))
    (i32.add (i32.load (i32.const 64)) (global.get $base)))
  (func $later (param i32 i32) (result i32)
    (call $add (call $deep (local.get 0)) (i32.mul (local.get 1) (i32.const 3))))
  (func $by_table (result i32)
    (call $add (call $deep (i32.const 5)) (call $add (i32.const 20) (i32.const 22))))
  (func (export "begin") (result i32) (call $add (i32.const 1) (global.get $base)))
  (func (export "later") (param i32 i32) (result i32) (call $later (local.get 0) (local.get 1)))
  (func (export "throughTable") (result i32) (call_indirect (result i32) (i32.const 1)))
  (func (export "gone") (result i32)
    (call $add (call $add (i32.const 1) (i32.const 2)) (call $deep (i32.const 4)))))"#;

/// How often another module was loaded.
type Loads = u32;

fn open(wasm: &[u8], rest: &[Vec<u8>]) -> (Store<Loads>, Instance) {
    let engine = Engine::default();
    let module = Module::new(&engine, wasm).unwrap();
    let rest: Vec<Module> = rest.iter().map(|rest| Module::new(&engine, rest).unwrap()).collect();
    let mut store = Store::new(&engine, 0);
    let mut linker = Linker::new(&engine);
    let load = move |mut page: Caller<'_, Loads>, part: i32| {
        *page.data_mut() += 1;
        let rest = &rest[usize::try_from(part).unwrap() - 1];
        let mut linker = Linker::<Loads>::new(rest.engine());
        for import in rest.imports() {
            let of_first: Extern = page.get_export(import.name()).unwrap();
            linker.define(import.module(), import.name(), of_first).unwrap();
        }
        linker.instantiate_and_start(&mut page, rest).unwrap();
    };
    linker.func_wrap("page", "loadRest", load).unwrap();
    let instance = linker.instantiate_and_start(&mut store, &module).unwrap();
    (store, instance)
}

fn call(store: &mut Store<Loads>, page: &Instance, name: &str) -> i32 {
    page.get_typed_func::<(), i32>(&mut *store, name).unwrap().call(store, ()).unwrap()
}

fn later(store: &mut Store<Loads>, page: &Instance) -> i32 {
    page.get_typed_func::<(i32, i32), i32>(&mut *store, "later")
        .unwrap()
        .call(store, (2, 3))
        .unwrap()
}

fn profile(whole: &[u8]) -> Vec<u8> {
    let watched = watch(whole).unwrap();
    let (mut store, page) = open(&watched.wasm, &[]);
    assert_eq!(call(&mut store, &page, "begin"), 8);
    let memory = page.get_memory(&store, "memory").unwrap();
    let from = usize::try_from(watched.address).unwrap();
    memory.data(&store)[from..from + watched.count as usize].to_vec()
}

#[test]
fn watching_tells_what_has_run() {
    let whole = wat::parse_str(WHOLE).unwrap();
    // `add` and `begin`, by their places among the module's own functions.
    assert_eq!(profile(&whole), [0, 1, 0, 0, 0, 1, 0, 0, 0]);
}

#[test]
fn the_parts_answer_as_the_whole_does() {
    let whole = wat::parse_str(WHOLE).unwrap();
    let cut: Vec<u8> = profile(&whole).iter().map(|ran| 1 - ran).collect();
    let parts = part(&whole, &cut, None).unwrap();
    assert!(parts.gone >= 3, "only {} are gone", parts.gone);
    for order in [
        ["later", "throughTable", "gone"],
        ["throughTable", "gone", "later"],
        ["gone", "later", "throughTable"],
    ] {
        let (mut parted, first) = open(&parts.first, &parts.rest);
        let (mut alone, page) = open(&whole, &[]);
        assert_eq!(call(&mut parted, &first, "begin"), call(&mut alone, &page, "begin"));
        assert_eq!(*parted.data(), 0, "the start needs the second module");
        for name in order.iter().chain(&order) {
            let (answer, expected) = if *name == "later" {
                (later(&mut parted, &first), later(&mut alone, &page))
            } else {
                (call(&mut parted, &first, name), call(&mut alone, &page, name))
            };
            assert_eq!(answer, expected, "{name}");
        }
        assert_eq!(*parted.data(), 1, "it is loaded once");
    }
}

/// `deep` alone in one part, all that calls it in another: those call it through the first module.
#[test]
fn several_parts_answer_as_the_whole_does_each_loaded_when_it_is_called() {
    let whole = wat::parse_str(WHOLE).unwrap();
    let parts = part(&whole, &[0, 0, 1, 2, 2, 0, 2, 0, 2], None).unwrap();
    assert_eq!(parts.rest.len(), 2);
    let (mut parted, first) = open(&parts.first, &parts.rest);
    let (mut alone, page) = open(&whole, &[]);
    assert_eq!(call(&mut parted, &first, "begin"), call(&mut alone, &page, "begin"));
    assert_eq!(*parted.data(), 0, "the start needs another module");
    for name in ["throughTable", "gone", "throughTable"] {
        assert_eq!(call(&mut parted, &first, name), call(&mut alone, &page, name), "{name}");
    }
    assert_eq!(later(&mut parted, &first), later(&mut alone, &page));
    assert_eq!(*parted.data(), 2, "each is loaded once");
}

#[test]
fn what_cannot_be_right_is_refused() {
    let whole = wat::parse_str(WHOLE).unwrap();
    assert!(part(&whole, &[0, 1], None).is_err(), "a profile of another module");
    let silent = wat::parse_str(WHOLE.replace("ensureRest", "other")).unwrap();
    assert!(part(&silent, &[0; 9], None).is_err(), "nothing can bring the second module");
}
