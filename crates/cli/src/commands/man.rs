//! `fanjian man`: manual pages.

use std::io::{self, Write};

use clap_mangen::Man;

use crate::{
    args::{commands::ManArgs, help, localized::localized},
    error::{Failure, Status},
    io::output::Output,
    messages::{self, message, translatable},
};

pub(crate) fn run(args: &ManArgs) -> Result<Status, Failure> {
    let mut top = localized(help::command());
    top.build();
    let mut command = &top;
    for name in &args.commands {
        command = command.find_subcommand(name).ok_or_else(|| {
            let known = command.get_subcommands().map(|command| command.get_name());
            let known: Vec<_> = known.filter(|&name| name != "help").collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let command = command.get_bin_name().unwrap_or("fanjian");
            Failure::Usage(message!(
                "unknown subcommand '{name}' of {command}; expected one of {known}",
                name,
                command,
                known
            ))
        })?;
    }
    let page = page(command, args.commands.is_empty());
    let page = page.map_err(|error| Failure::io("write", "the manual page", &error))?;
    let mut output = Output::open(None)?;
    output.write(&page)?;
    output.finish()?;
    Ok(Status::Done)
}

fn page(command: &clap::Command, is_top: bool) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let man = Man::new(command.clone()).source(concat!("fanjian ", env!("CARGO_PKG_VERSION")));
    if !is_top {
        man.render(&mut page)?;
        return Ok(with_headings(page));
    }
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    man.render_subcommands_section(&mut page)?;
    for (heading, text) in help::manual_sections() {
        // As it is written, without filling.
        writeln!(page, ".SH \"{heading}\"\n.nf\n{}\n.fi", text.replace('\\', "\\\\").replace('-', "\\-"))?;
    }
    man.render_version_section(&mut page)?;
    Ok(with_headings(page))
}

/// The headings that every manual page has.
const HEADINGS: [&str; 7] = [
    translatable("NAME"),
    translatable("SYNOPSIS"),
    translatable("DESCRIPTION"),
    translatable("OPTIONS"),
    translatable("SUBCOMMANDS"),
    translatable("VERSION"),
    translatable("EXTRA"),
];

/// The page with its headings in the chosen language.
fn with_headings(page: Vec<u8>) -> Vec<u8> {
    let mut page = String::from_utf8_lossy(&page).into_owned();
    for heading in HEADINGS {
        if let Some(translation) = messages::translation(heading) {
            page = page.replace(&format!("\n.SH {heading}\n"), &format!("\n.SH {translation}\n"));
        }
    }
    page.into_bytes()
}
