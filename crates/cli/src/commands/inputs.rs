//! The files that a command looks at, and what it says at the end about those it could not read.

use std::path::{Path, PathBuf};

use crate::{
    args::groups::FileFilter,
    error::{Failure, Status},
    files::walk::{self, InputFile},
    io::input,
    print,
    settings::{
        join, meant,
        resolver::ExcludedFolders,
        task::{Destination, Selection},
    },
};

/// The inputs of a command that writes nothing but its answer.
pub(super) struct Inputs {
    paths: Vec<PathBuf>,
    selection: Selection,
    failures: Vec<(PathBuf, String)>,
}

impl Inputs {
    /// Finds the files at these paths that a subcommand is to look at, but those in folders that are `excluded`; standard
    /// input, if there are no paths.
    pub(super) fn find(
        subcommand: &str,
        paths: &[PathBuf],
        filter: &FileFilter,
        excluded: Option<ExcludedFolders>,
    ) -> Result<(Inputs, Vec<InputFile>), Failure> {
        meant::check_text(paths, subcommand)?;
        let selection = join::selection(filter);
        let paths = match paths.is_empty() && filter.files_from.is_none() {
            true => {
                input::announce_terminal();
                vec![PathBuf::from("-")]
            }
            false => join::paths(paths, filter, &Destination::Stdout { flushes: true })?,
        };
        let tree = walk::find(&selection, None, &paths, excluded)?;
        let mut files = tree.files;
        files.retain(|file| file.is_selected(&selection.extensions));
        Ok((Inputs { paths, selection, failures: tree.failures }, files))
    }

    /// Which files are taken.
    pub(super) fn selection(&self) -> &Selection {
        &self.selection
    }

    /// How many could not be read so far.
    pub(super) fn failed(&self) -> usize {
        self.failures.len()
    }

    pub(super) fn fail(&mut self, path: &Path, message: String) {
        self.failures.push((path.to_owned(), message));
    }

    /// Prints what failed. `count` is how many files there were.
    pub(super) fn finish(self, count: usize) -> Result<Status, Failure> {
        for (path, message) in &self.failures {
            print::note(format_args!("fanjian: {}: {message}", print::name(path)));
        }
        walk::check_found(count, &[], &self.paths, &self.selection)?;
        Ok(if self.failures.is_empty() { Status::Done } else { Status::Failed })
    }
}
