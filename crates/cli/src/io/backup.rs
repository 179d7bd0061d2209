//! Names of backups. By their endings they are known later, whatever the options are then.

use std::path::Path;

use crate::messages::{message, text};

/// What the names of backups end in; a number or a date can follow.
const ENDINGS: [&str; 4] = [".bak", ".backup", ".orig", ".old"];

/// Whether a file is a backup, by its name.
pub(crate) fn is_backup(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    stem(name).is_some_and(|stem| !stem.is_empty())
}

/// What is before the ending of a backup.
fn stem(name: &[u8]) -> Option<&[u8]> {
    if let Some(stem) = name.strip_suffix(b"~") {
        return Some(stem);
    }
    let end = name.iter().rposition(|byte| !matches!(byte, b'-' | b'.' | b'_' | b'0'..=b'9'))? + 1;
    ENDINGS.iter().find_map(|ending| name[..end].strip_suffix(ending.as_bytes()))
}

/// Parses the suffix of backups: one by which they are known.
pub(crate) fn parse_suffix(suffix: &str) -> Result<String, String> {
    if suffix.contains(std::path::is_separator) {
        return Err(text("a backup is in the folder of its file: no separator of folders"));
    }
    match stem(suffix.as_bytes()) {
        Some(_) => Ok(suffix.to_owned()),
        None => Err(message!(
            "later runs would convert such backups: it must end in ~ or in one of {endings}, which a number can follow, \
             as in .bak-20261128",
            endings = ENDINGS.join(" ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backups_of_each_suffix_that_is_accepted_are_known() {
        for suffix in
            [".bak", ".2026-11-28.bak", "~", ".orig", ".v1.old", ".backup", ".bak1", ".bak-20261128", ".old_2.1"]
        {
            let suffix = parse_suffix(suffix).unwrap();
            assert!(is_backup(Path::new(&format!("book/a.txt{suffix}"))), "{suffix}");
        }
        for suffix in ["", ".txt", ".bakery", ".bak-x", "1", "/../a.bak"] {
            assert!(parse_suffix(suffix).is_err(), "{suffix}");
        }
        for name in ["a.txt", ".bak", ".bak1", "2026-11-28", "~", "bak", "a.bak/b.txt", ".."] {
            assert!(!is_backup(Path::new(name)), "{name}");
        }
    }
}
