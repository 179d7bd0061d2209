//! Add user words, and protect terms from conversion: `cargo run --example own_words`.

use fanjian::{Config, Converter, Dictionary};

fn main() -> Result<(), fanjian::Error> {
    let words = Dictionary::from_text("own words", "云原生\t雲端原生\n")?;
    let converter = Converter::builder().config(Config::S2twp).dictionary(words).protect(["钉钉"]).build()?;
    println!("{}", converter.convert("钉钉的云原生软件"));
    Ok(())
}
