//! Temporary.
use fanjian::{Config, Converter};
use fanjian_documents::{Format, Languages, Options, convert, groups};
use std::{env, fs, path::Path};
fn main() {
    let path = env::args().nth(1).unwrap();
    let out = env::args().nth(2).unwrap();
    let c = Config::S2twp;
    let o = Options::new(Converter::new(c)).languages(Languages::of_config(c));
    let s = fs::read(&path).unwrap();
    let f = Format::of_path(Path::new(&path)).unwrap();
    for g in groups(&s, f, &o).unwrap() {
        println!("{:?} {:?}", g.role, g.text);
    }
    fs::write(out, convert(&s, f, &o).unwrap().bytes).unwrap();
}
