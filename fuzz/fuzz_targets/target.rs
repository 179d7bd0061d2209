//! A target of `crates/fuzz` by coverage. Which one, is the name of the program.

#![no_main]

use std::{env, path::Path, sync::OnceLock};

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    static FOUND: OnceLock<fn(&[u8])> = OnceLock::new();
    let run = FOUND.get_or_init(|| {
        let program = env::args().next().unwrap_or_default();
        let name = Path::new(&program).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        fuzz::TARGETS.iter().find(|target| target.name == name).expect("the program has the name of a target").run
    });
    run(bytes);
});
