//! Convert a stream of any length in bounded memory: `cargo run --example stream < FILE`.

use fanjian::{Config, Converter};

fn main() -> std::io::Result<()> {
    let converter = Converter::new(Config::S2t);
    let mut reader = converter.reader(std::io::stdin().lock());
    std::io::copy(&mut reader, &mut std::io::stdout().lock())?;
    Ok(())
}
