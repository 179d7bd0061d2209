//! Names of backups. By their endings they are known later, whatever the options are then.

use std::path::Path;

/// The endings of the names of backups.
const ENDINGS: [&str; 5] = [".bak", ".backup", ".orig", ".old", "~"];

/// Whether a file is a backup, by its name.
pub(crate) fn is_backup(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    ENDINGS.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending.as_bytes()))
}

/// Parses the suffix of backups: one by which they are known.
pub(crate) fn parse_suffix(suffix: &str) -> Result<String, String> {
    if suffix.contains(std::path::is_separator) {
        return Err("a backup is in the folder of its file: no separator of folders".to_owned());
    }
    match ENDINGS.iter().any(|ending| suffix.ends_with(ending)) {
        true => Ok(suffix.to_owned()),
        false => Err(format!("later runs would convert such backups: it must end in one of {}", ENDINGS.join(" "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backups_of_each_suffix_that_is_accepted_are_known() {
        for suffix in [".bak", ".2026-11-28.bak", "~", ".orig", ".v1.old", ".backup"] {
            let suffix = parse_suffix(suffix).unwrap();
            assert!(is_backup(Path::new(&format!("book/a.txt{suffix}"))), "{suffix}");
        }
        for suffix in ["", ".txt", ".bak2", "/../a.bak"] {
            assert!(parse_suffix(suffix).is_err(), "{suffix}");
        }
        for name in ["a.txt", ".bak", "~", "bak", "a.bak/b.txt", ".."] {
            assert!(!is_backup(Path::new(name)), "{name}");
        }
    }
}
