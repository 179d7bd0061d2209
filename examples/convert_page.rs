//! Convert a page of text: `cargo run --example convert_page [FILE]`.

use fanjian::{Config, Converter};

fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "examples/page.txt".into());
    let page = std::fs::read_to_string(path)?;
    print!("{}", Converter::new(Config::S2twp).convert(&page));
    Ok(())
}
