//! Gives the worker a stack of 8 MB: GlueSQL's executor walks expressions recursively, and a stack overflow would cost the whole instance.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        println!("cargo::rustc-link-arg-bins=-zstack-size=8388608");
    }
}
