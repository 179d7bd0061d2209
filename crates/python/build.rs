//! Linker arguments of an extension module, whose symbols are Python's: macOS needs some.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    pyo3_build_config::add_extension_module_link_args();
}
