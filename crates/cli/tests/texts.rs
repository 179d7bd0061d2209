//! Conversion of texts that are not all converted, or not all at once.

use std::{
    io::{Read, Write},
    process::Stdio,
};

use snapbox::cmd::{Command, cargo_bin};

use crate::tree::Tree;

mod tree;

/// A line of more than a MiB, which ends within a character, as the first piece that is read beyond it does.
fn long_line() -> (String, String) {
    let line = |character: &str| format!("{}\n", character.repeat(400_000));
    (line("头"), line("頭"))
}

#[test]
fn no_character_of_a_long_line_is_cut() {
    let (line, converted) = long_line();
    let tree = Tree::new(&[("a.txt", line.as_bytes())]);
    let off = format!("// fanjian:off\n{line}// fanjian:on\n");
    tree.write("off.txt", off.as_bytes());
    // It used to be cut wherever a piece of the input ended: an error, or U+FFFD in text that is valid.
    for invalid in ["strict", "replace", "pass"] {
        let run = |arguments: &[&str], expected: &str| {
            let arguments = [&["-c", "s2t", "--invalid-utf8", invalid][..], arguments].concat();
            let output = tree.run(&arguments).success().get_output().stdout.clone();
            assert!(output == expected.as_bytes(), "{arguments:?}");
        };
        run(&["--line-buffered", "-i", "a.txt"], &converted);
        run(&["--line-buffered", "-i", "a.txt", "--protect-regex", "none"], &converted);
        run(&["a.txt"], &converted);
        run(&["off.txt"], &off);
        run(&["off.txt", "--protect-regex", "(?-u:\\xe5)", "--no-marks"], &off);
    }
}

#[test]
fn a_description_sequence_goes_on_in_the_next_line_of_a_live_pipe() {
    let text = "⿰\n后面，⿱里\n里\n";
    let run = |arguments: &[&str]| {
        let output = Command::new(cargo_bin!("fanjian")).args(arguments).stdin(text).assert().success();
        String::from_utf8(output.get_output().stdout.clone()).unwrap()
    };
    // Each line used to be a text of its own there.
    let whole = run(&[]);
    assert_eq!(whole, "⿰\n后面，⿱里\n裏\n");
    assert_eq!(run(&["--line-buffered"]), whole);
    assert_eq!(run(&["--line-buffered", "--marks", "--protect-regex", "none"]), whole);
}

#[test]
fn lines_of_a_live_pipe_leave_at_once() {
    for more in [&[][..], &["-j", "4"], &["--to", "zh-TW"], &["--marks"], &["--noflush", "true"]] {
        let mut child = std::process::Command::new(cargo_bin!("fanjian"))
            .arg("--line-buffered")
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        for _ in 0..3 {
            stdin.write_all("一头\n".as_bytes()).unwrap();
            let mut line = [0; 7];
            stdout.read_exact(&mut line).unwrap();
            assert_eq!(line, *"一頭\n".as_bytes());
        }
        drop(stdin);
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn an_unclosed_mark_is_reported() {
    // Prose that mentions marks used to leave the rest of a page as it was, without a word.
    let prose = "头\n用 `fanjian:off` 关，或 `<!-- fanjian:off -->`，或 fanjian:off\n发\n";
    let tree = Tree::new(&[("a.txt", prose.as_bytes()), ("b/b.txt", "头\n# fanjian:off\n发\n".as_bytes())]);
    let output = tree.run(&["-c", "s2t", "a.txt"]).success().stderr_eq("").get_output().stdout.clone();
    assert_eq!(String::from_utf8(output).unwrap(), prose.replace('头', "頭").replace("关", "關").replace('发', "發"));

    let warning = "line 2: 'fanjian:off' is never closed by 'fanjian:on': the rest was not converted\n";
    let converted = "頭\n# fanjian:off\n发\n";
    tree.run(&["-c", "s2t", "b/b.txt"])
        .success()
        .stdout_eq(converted)
        .stderr_eq(format!("fanjian: b/b.txt: {warning}"));
    let counts = "2 files: 2 changed, 0 unchanged, 0 skipped, 0 failed\n";
    tree.run(&["-c", "s2t", "-O", "out", "a.txt", "b"])
        .success()
        .stderr_eq(format!("fanjian: b/b.txt: {warning}{counts}"));
    tree.run(&["-c", "s2t", "-q", "b/b.txt"]).success().stderr_eq("");
    tree.run(&["-c", "s2t", "--no-marks", "b/b.txt"]).success().stderr_eq("");
    tree.run(&["--marks", "-i", "b/b.txt"])
        .success()
        .stdout_eq(converted)
        .stderr_eq(format!("fanjian: b/b.txt: {warning}"));
    let json = tree.run(&["-c", "s2t", "--format", "json", "--in-place", "b/b.txt"]).success();
    let json = String::from_utf8(json.get_output().stdout.clone()).unwrap();
    assert!(json.contains(r#""unclosed_mark":2"#), "{json}");

    tree.write("c.md", "头\n\n<!-- fanjian:off -->\n\n发\n".as_bytes());
    let message = "fanjian: c.md: line 3: 'fanjian:off' is never closed by 'fanjian:on': the rest was not converted\n";
    tree.run(&["-c", "s2t", "c.md"]).success().stdout_eq("頭\n\n<!-- fanjian:off -->\n\n发\n").stderr_eq(message);
    tree.run(&["-c", "s2t", "--no-marks", "c.md"])
        .success()
        .stdout_eq("頭\n\n<!-- fanjian:off -->\n\n發\n")
        .stderr_eq("");
}
