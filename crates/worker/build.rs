//! Says to the linker what the worker needs: a stack of 8 MB, as executors walk expressions recursively and a stack overflow would cost the
//! whole instance; and which function uses which data, as by that `xtask/split` parts what the browser downloads.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name, value: &str| std::env::var(name).is_ok_and(|is| is == value);
    if !is("CARGO_CFG_TARGET_ARCH", "wasm32") {
        return;
    }
    println!("cargo:rustc-link-arg-bins=-zstack-size=8388608");
    if is("PROFILE", "release") {
        println!("cargo:rustc-link-arg-bins=--emit-relocs");
    }
}
