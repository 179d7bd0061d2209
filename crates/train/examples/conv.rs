#![allow(missing_docs, clippy::all)]
use std::{fs, io::{Read as _, Write as _}, path::Path};
use fanjian_context::{Engine, Model, Sources, State, Vocabulary, compile};
fn main() {
    // conv MODEL TARGET FROM|- [file...] : each file -> file.out
    let a: Vec<String> = std::env::args().collect();
    let sources = Sources::from_folder(Path::new("dictionaries")).unwrap();
    let model = Model::read(&fs::read(&a[1]).unwrap()).unwrap();
    let tables: &'static [u8] = Vec::leak(compile(&sources, &model).unwrap());
    eprintln!("tables {}", tables.len());
    for target in a[2].split(',') {
        let engine = Engine::read(tables, target.parse().unwrap(), Vocabulary::Keep).unwrap();
        let from = if a[3] == "-" { None } else { Some(a[3].parse().unwrap()) };
        for f in &a[4..] {
            let mut text = String::new();
            if f == "-" { std::io::stdin().read_to_string(&mut text).unwrap(); } else { text = fs::read_to_string(f).unwrap(); }
            let mut out = Vec::new();
            let mut state = State::new(from);
            engine.feed(&mut state, &text, true, &mut out);
            if f == "-" { std::io::stdout().write_all(&out).unwrap(); } else { fs::write(format!("{f}.{target}"), out).unwrap(); }
        }
    }
}
