//! Linker arguments of an extension module, which macOS needs: its symbols are resolved when Python loads it.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    pyo3_build_config::add_extension_module_link_args();
}
