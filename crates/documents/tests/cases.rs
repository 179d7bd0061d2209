//! The cases in `tests/cases`: `NAME.EXT` is a document, and `NAME.CONVERSION.EXT` what it becomes by a configuration (`s2twp`)
//! or a target (`zh-TW`, `zh-TW+local`). Every document is also checked by the laws.

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
};

use fanjian_documents::Format;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The document of a case, its format and its name; and the conversion, if it is a result.
fn parts(path: &Path) -> (String, String, Option<String>) {
    let name = path.file_name().unwrap().to_str().unwrap();
    let (stem, extension) = name.rsplit_once('.').unwrap();
    match stem.split_once('.') {
        Some((stem, conversion)) => (stem.to_owned(), extension.to_owned(), Some(conversion.to_owned())),
        None => (stem.to_owned(), extension.to_owned(), None),
    }
}

/// The format of a case: a name that begins with `FORMAT-` says it, where the extension does not.
fn format(path: &Path) -> Format {
    let (stem, ..) = parts(path);
    let by_name = stem.split('-').next().and_then(|name| name.parse().ok());
    by_name.or_else(|| Format::of_path(path)).unwrap_or_else(|| panic!("{}: no format", path.display()))
}

#[test]
fn documents_become_what_is_expected() {
    let mut count = 0;
    for path in cases() {
        let (stem, extension, Some(conversion)) = parts(&path) else { continue };
        let source = fs::read(path.with_file_name(format!("{stem}.{extension}"))).unwrap();
        let converted = common::converted(&source, format(&path), &common::options(&conversion));
        let expected = fs::read(&path).unwrap();
        let (converted, expected) = (String::from_utf8_lossy(&converted), String::from_utf8_lossy(&expected));
        for (line, (converted, expected)) in converted.lines().zip(expected.lines()).enumerate() {
            assert_eq!(converted, expected, "{}:{}", path.display(), line + 1);
        }
        assert_eq!(converted, expected, "{}", path.display());
        count += 1;
    }
    assert!(count > 0);
}

#[test]
fn the_laws_hold_for_all_documents() {
    for path in cases() {
        if let (_, _, None) = parts(&path) {
            common::check_laws(&fs::read(&path).unwrap(), format(&path), &path.display().to_string());
        }
    }
}

#[test]
fn documents_that_are_cut_are_converted_or_errors() {
    for path in cases() {
        if let (_, _, None) = parts(&path) {
            common::check_cuts(&fs::read(&path).unwrap(), format(&path));
        }
    }
}
