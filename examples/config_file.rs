//! Convert with a configuration file in OpenCC's format: `cargo run --example config_file`.

use fanjian::Converter;

fn main() -> Result<(), fanjian::Error> {
    let converter = Converter::builder().config_file("examples/brackets.json").build()?;
    println!("{}", converter.convert("「头发」和『皇后』"));
    Ok(())
}
