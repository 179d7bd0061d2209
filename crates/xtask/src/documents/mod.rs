//! Documents: the failures of converters, other programs that read what comes out, real documents, and speed.

use std::path::PathBuf;

use clap::Args;
use import::{Result, root};

use crate::{figures, machine};

mod corpus;
mod failures;
mod peers;
mod read_back;
mod speed;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Check the laws on all documents in this folder, rather than the table of failures
    #[arg(long, value_name = "FOLDER")]
    corpus: Option<PathBuf>,
    /// Have other programs read documents before and after the conversion, rather than the table of failures
    #[arg(long, conflicts_with = "corpus")]
    read_back: bool,
    /// Have a browser read the pages in this folder, too
    #[arg(long, value_name = "FOLDER", requires = "read_back")]
    pages: Option<PathBuf>,
    /// Measure the speed of documents against that of plain text, rather than the table of failures
    #[arg(long, conflicts_with_all = ["corpus", "read_back"])]
    speed: bool,
    /// Other converters, too, which this installs
    #[arg(long, conflicts_with_all = ["corpus", "read_back"])]
    peers: bool,
    /// Write the figures into docs/documents.md, as of this date
    #[arg(long, value_name = "DATE")]
    record: Option<String>,
}

/// Runs the check that is asked for, and prints a table of it.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let (command, table, is_good) = if let Some(folder) = &arguments.corpus {
        corpus::run(folder).map(|(table, is_good)| ("cargo xtask documents --corpus", table, is_good))?
    } else if arguments.read_back {
        read_back::run(arguments.pages.as_deref())
            .map(|(table, is_good)| ("cargo xtask documents --read-back", table, is_good))?
    } else if arguments.speed {
        ("cargo xtask documents --speed", speed::run(arguments.peers)?, true)
    } else {
        failures::run(arguments.peers).map(|(table, is_good)| ("cargo xtask documents", table, is_good))?
    };
    print!("{table}");
    if let Some(date) = &arguments.record {
        let text = format!("Run on {date} on {}.\n\n{}", machine::processor(), table.trim_end());
        figures::write(&root().join("docs/documents.md"), command, &text)?;
    }
    if is_good { Ok(()) } else { Err("documents are not as they should be (see above)".into()) }
}
