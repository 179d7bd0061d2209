//! Makes the JavaScript of one WebAssembly: `bindgen NAME OUTPUT-FOLDER WASM`.

use std::env;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, folder, wasm] = arguments.as_slice() else { bail!("usage: bindgen NAME OUTPUT-FOLDER WASM") };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(name).web(true)?;
    bindgen.typescript(true).remove_name_section(true).remove_producers_section(true);
    // `load.ts` always names the file.
    bindgen.omit_default_module_path(true);
    bindgen.generate(folder).with_context(|| format!("cannot make the JavaScript of {wasm}"))
}
