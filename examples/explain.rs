//! Show why each part of a text was converted as it was: `cargo run --example explain [TEXT]`.

use fanjian::{Config, Converter};

fn main() {
    let text = std::env::args().nth(1).unwrap_or_else(|| "皇后的头发里有鼠标".into());
    for segment in Converter::new(Config::S2twp).segments(&text) {
        println!("{} → {}", &text[segment.source], segment.output);
        for decision in segment.decisions {
            println!("    {}: {} → {}", decision.dictionary, decision.key, decision.value);
            for other in decision.alternatives {
                println!("        or {other}");
            }
        }
    }
}
