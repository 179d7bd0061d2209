//! Lists of paths in files.

use std::{
    io,
    path::{Path, PathBuf},
};

use fanjian_dictionary::{read_all, read_file};

use crate::{error::Failure, io::input::is_stdin};

/// Reads a list: a path on each line, or up to each NUL.
pub(crate) fn read(path: &Path, by_nul: bool) -> Result<Vec<PathBuf>, Failure> {
    let bytes = match is_stdin(path) {
        true => read_all(io::stdin().lock(), Path::new("standard input"))?,
        false => read_file(path)?,
    };
    paths(&bytes, by_nul).collect()
}

fn paths(bytes: &[u8], by_nul: bool) -> impl Iterator<Item = Result<PathBuf, Failure>> {
    let separator = if by_nul { 0 } else { b'\n' };
    let lines = bytes.split(move |&byte| byte == separator);
    let lines = lines.map(move |line| if by_nul { line } else { line.strip_suffix(b"\r").unwrap_or(line) });
    lines.filter(|line| !line.is_empty()).map(path_from_bytes)
}

#[cfg(unix)]
fn path_from_bytes(bytes: &[u8]) -> Result<PathBuf, Failure> {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    Ok(PathBuf::from(OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path_from_bytes(bytes: &[u8]) -> Result<PathBuf, Failure> {
    let path = str::from_utf8(bytes).map_err(|_| Failure::failed("a path in the list is not UTF-8"))?;
    Ok(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_nul_separate_paths() {
        let read = |bytes: &[u8], by_nul| paths(bytes, by_nul).collect::<Result<Vec<_>, _>>().unwrap();
        assert_eq!(read(b"a\r\n\nb c\n", false), ["a", "b c"].map(PathBuf::from));
        assert_eq!(read(b"a\nb\0c\0", true), ["a\nb", "c"].map(PathBuf::from));
    }
}
