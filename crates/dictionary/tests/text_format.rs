//! What the text format accepts, and how it refuses what it does not.

use fanjian_dictionary::{Entries, ErrorKind};

fn entries(text: &str) -> Vec<(String, Vec<String>)> {
    let entries = Entries::parse("test", text).unwrap();
    entries.iter().map(|(key, candidates)| (key.to_owned(), candidates.to_vec())).collect()
}

fn entry(key: &str, candidates: &[&str]) -> (String, Vec<String>) {
    (key.to_owned(), candidates.iter().map(|&candidate| candidate.to_owned()).collect())
}

#[test]
fn comments_empty_lines_byte_order_mark_and_crlf_are_accepted() {
    let text = "\u{feff}# a comment\r\n\r\n发\t發 髮\r\n#\n干\t幹 乾 干";
    assert_eq!(entries(text), [entry("发", &["發", "髮"]), entry("干", &["幹", "乾", "干"])]);
}

#[test]
fn nothing_after_the_tab_deletes() {
    assert_eq!(entries("a\t\n"), [entry("a", &[""])]);
}

#[test]
fn spaces_are_read_as_upstream_reads_them() {
    assert_eq!(
        entries("a\tb \nc\t d\ne f\tg  h\n"),
        [entry("a", &["b"]), entry("c", &["", "d"]), entry("e f", &["g", "h"])]
    );
}

#[test]
fn entries_survive_writing_and_reading() {
    let before = Entries::parse("test", "b\tx y\na\t\n\u{20000}\tz\n").unwrap();
    assert_eq!(Entries::parse("test", &before.to_text()).unwrap(), before);
}

#[test]
fn errors_name_file_and_line() {
    for (text, kind, message) in [
        ("# c\na b\n", ErrorKind::Syntax, "d.txt:2: no tab between key and value in 'a b'"),
        ("  \n", ErrorKind::Syntax, "d.txt:1: no tab between key and value in '  '"),
        ("\n\n\tb\n", ErrorKind::EmptyKey, "d.txt:3: nothing before the tab: a key needs at least one character"),
        ("a\tb\n\na\tc\n", ErrorKind::DuplicateKey, "d.txt:3: duplicate key 'a', first given on line 1"),
    ] {
        let error = Entries::parse("d.txt", text).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
    }
}

#[test]
fn inserted_entries_are_checked_too() {
    let mut entries = Entries::new();
    entries.insert("a", ["b"]).unwrap();
    assert_eq!(entries.insert("a", ["c"]).unwrap_err().kind(), ErrorKind::DuplicateKey);
    assert_eq!(entries.insert("", ["c"]).unwrap_err().kind(), ErrorKind::EmptyKey);
    assert_eq!(entries.insert::<&str>("c", []).unwrap_err().kind(), ErrorKind::Syntax);
    assert_eq!(entries.len(), 1);
}

#[test]
fn each_line_is_read_for_itself() {
    let text = "\u{feff}a\tb c\r\n# x\nd e\n\n\tf\na\t g\n";
    let lines: Vec<_> = Entries::lines("d.txt", text)
        .map(|entry| match entry {
            Ok(entry) => format!("{} {} {:?}", entry.line, entry.key, entry.candidates),
            Err(error) => format!("{} {:?} {error} / {}", error.line().unwrap(), error.kind(), error.message()),
        })
        .collect();
    assert_eq!(
        lines,
        [
            "1 a [\"b\", \"c\"]",
            "3 Syntax d.txt:3: no tab between key and value in 'd e' / no tab between key and value in 'd e'",
            "5 EmptyKey d.txt:5: nothing before the tab: a key needs at least one character / \
             nothing before the tab: a key needs at least one character",
            "6 a [\"\", \"g\"]",
        ]
    );
}
