//! The conversions whose instructions `cargo xtask instructions` counts. `instructions` lists their names,
//! `instructions NAME` does one of them in [`measured`], and prints how many bytes it read there.

use std::{env, error::Error, process::ExitCode};

mod conversions;
#[path = "../../../benches/texts/hostile.rs"]
mod hostile;
mod texts;

fn main() -> ExitCode {
    match run(env::args().nth(1).as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("instructions: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(name: Option<&str>) -> Result<(), Box<dyn Error>> {
    let Some(name) = name else {
        conversions::CONVERSIONS.iter().for_each(|(name, _)| println!("{name}"));
        return Ok(());
    };
    let found = conversions::CONVERSIONS.iter().find(|(known, _)| *known == name);
    let (_, prepare) = found.ok_or_else(|| format!("no conversion has the name '{name}'"))?;
    println!("{}", measured(&mut *prepare()?));
    Ok(())
}

/// What is counted: callgrind knows it by this name.
#[inline(never)]
fn measured(conversion: &mut dyn FnMut() -> usize) -> usize {
    conversion()
}
