//! Has the linker say which function uses which data: by that `xtask/split` parts what the browser downloads.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name, value: &str| std::env::var(name).is_ok_and(|is| is == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") {
        println!("cargo:rustc-link-arg-bins=--emit-relocs");
    }
}
