//! Names of the files that this command leaves in folders, and that are no text of the user's.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::{messages::message, print};

/// What the names of temporary files begin with.
const TEMPORARY: &str = ".fanjian-tmp-";
/// How many letters and digits follow, by chance: so many that no name of the user's is like that.
const RANDOM: usize = 12;

/// Has temporary files be named like this.
pub(crate) fn name_temporary(builder: &mut tempfile::Builder<'_, '_>) {
    builder.prefix(TEMPORARY).rand_bytes(RANDOM);
}

/// The inputs that a run has finished. It is hidden, so that whoever reads the folder takes it for none of the data.
pub(crate) const FINISHED: &str = ".fanjian-finished.jsonl";

/// Whether a file is the list of finished inputs, by its name.
pub(crate) fn is_finished(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == FINISHED)
}

/// Whether a file is a temporary one of this command, by its name.
pub(crate) fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    let random = name.strip_prefix(TEMPORARY.as_bytes());
    random.is_some_and(|random| random.len() == RANDOM && random.iter().all(u8::is_ascii_alphanumeric))
}

/// The temporary files in these folders, in order: runs have left them that were killed.
pub(crate) fn temporary(folders: BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let here = |folder: PathBuf| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
    let entries = folders.into_iter().flat_map(|folder| fs::read_dir(here(folder)).into_iter().flatten().flatten());
    let paths = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file())).map(|entry| entry.path());
    let paths = paths.map(|path| path.strip_prefix(".").map(Path::to_owned).unwrap_or(path));
    let mut found: Vec<_> = paths.filter(|path| is_temporary(path)).collect();
    found.sort();
    found
}

/// Notes that a temporary file is there.
pub(crate) fn note(path: &Path) {
    let note = message!("a temporary file, left by a run that was killed; delete it, unless a run is still going on");
    print::note(format_args!("fanjian: {}: {note}", print::name(path)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_files_are_known_by_their_names() {
        for (name, is) in [
            (".fanjian-tmp-aB3xyZaB3xyZ", true),
            ("book/.fanjian-tmp-000000000000", true),
            (".fanjian-tmp-aB3xyZaB3xy", false),
            (".fanjian-finished.jsonl", false),
            // Such names used to be taken for temporary files.
            (".fanjian-config", false),
            (".fanjian-backup", false),
            (".fanjian-tmp-notes", false),
            (".fanjian-tmp-notes.txt.gz", false),
            ("fanjian-tmp-aB3xyZaB3xyZ", false),
            (".fanjian-tmp-aB3xyZaB3xyZ/a.txt", false),
        ] {
            assert_eq!(is_temporary(Path::new(name)), is, "{name}");
        }
    }
}
