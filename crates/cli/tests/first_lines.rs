//! The first lines of a file, which are of the script of what follows them.

#![cfg(unix)]

use std::{
    fs::File,
    process::{Command, Output, Stdio},
};

use snapbox::cmd::cargo_bin;
use tree::Tree;

mod tree;

/// Lines that do not show their script. What some of them become depends on it.
const PLAIN: &str = "周刊\n布告\n元凶\n局限\n市占\n升天\n面\n后\n干\n里\n表\n斗\n";

/// The same before a line of a text of each script, what is said of such a text, and what the lines then become.
struct Texts {
    tree: Tree,
    /// Name, script, and conversion.
    files: [(&'static str, &'static str, String); 2],
    /// What the lines become alone.
    alone: String,
}

fn texts() -> Texts {
    let texts =
        [("zh-Hans.txt", "头发\n"), ("zh-Hant.txt", "頭髮\n")].map(|(name, end)| (name, format!("{PLAIN}{end}")));
    let tree = Tree::new(&[(texts[0].0, texts[0].1.as_bytes()), (texts[1].0, texts[1].1.as_bytes())]);
    tree.write("plain.txt", PLAIN.as_bytes());
    let files = texts.map(|(name, _)| {
        let script = name.strip_suffix(".txt").unwrap();
        (name, script, stdout(&to_taiwan(&tree, &["--from", script, name]).output().unwrap()))
    });
    let alone = stdout(&to_taiwan(&tree, &["plain.txt"]).output().unwrap());
    for (_, script, converted) in &files {
        assert_ne!(*converted, format!("{alone}頭髮\n"), "no line depends on {script}");
    }
    Texts { tree, files, alone }
}

fn to_taiwan(tree: &Tree, arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_bin!("fanjian"));
    command.args(["--to", "zh-TW"]).args(arguments).current_dir(tree.path("")).env("NO_COLOR", "1");
    command
}

#[track_caller]
fn stdout(run: &Output) -> String {
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout.clone()).unwrap()
}

/// What comes of a file on standard input, behind a pipe or not.
fn of_stdin(tree: &Tree, file: &str, arguments: &[&str], is_piped: bool) -> String {
    let file = File::open(tree.path(file)).unwrap();
    let mut cat = None;
    let stdin = if is_piped {
        let mut child = Command::new("cat").stdin(file).stdout(Stdio::piped()).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        cat = Some(child);
        Stdio::from(stdout)
    } else {
        Stdio::from(file)
    };
    let output = stdout(&to_taiwan(tree, arguments).stdin(stdin).output().unwrap());
    cat.map(|mut cat| cat.wait().unwrap());
    output
}

/// Their script used to be undecidable, as in a pipe, which is not to wait for what follows.
#[test]
fn the_beginning_of_a_file_is_looked_at_and_that_of_a_pipe_is_not() {
    let Texts { tree, files, alone } = texts();
    let of_path = |arguments: &[&str]| stdout(&to_taiwan(&tree, arguments).output().unwrap());
    for (name, _, expected) in &files {
        for threads in ["1", "2"] {
            for more in [&[][..], &["--marks"], &["--from-encoding", "auto"], &["--to-encoding", "utf-8"]] {
                let with = |arguments: &[&'static str]| [&["-j", threads], arguments, more].concat();
                assert_eq!(of_path(&with(&["-i", name])), *expected, "{name} {more:?}");
                assert_eq!(of_path(&with(&[name])), *expected, "{name} {more:?}");
                assert_eq!(of_stdin(&tree, name, &with(&[]), false), *expected, "{name} {more:?}");
                assert_eq!(of_stdin(&tree, name, &with(&["-"]), false), *expected, "{name} {more:?}");
                let of_pipe = format!("{alone}頭髮\n");
                assert_eq!(of_stdin(&tree, name, &with(&[]), true), of_pipe, "{name} {more:?}");
                assert_eq!(of_stdin(&tree, name, &with(&["-"]), true), of_pipe, "{name} {more:?}");
            }
        }
        // What is said of the text counts: for the plain lines, whatever comes behind them.
        for (_, script, converted) in &files {
            let first = converted.strip_suffix("頭髮\n").unwrap();
            for arguments in [&["--from", script, name][..], &["--from", script, "-i", name]] {
                assert!(of_path(arguments).starts_with(first), "{arguments:?}");
            }
        }
    }
}

#[test]
fn a_file_changes_once() {
    for name in ["zh-Hans.txt", "zh-Hant.txt"] {
        let Texts { tree, files, .. } = texts();
        let (.., expected) = files.iter().find(|file| file.0 == name).unwrap();
        let run = |arguments: &[&str]| tree.run(&[&["--to", "zh-TW"], arguments].concat());
        run(&["-O", "out", name]).success();
        tree.has(&format!("out/{name}"), expected);
        run(&["--in-place", name]).success();
        tree.has(name, expected);
        run(&["--in-place", name, "out"]).success();
        tree.has(name, expected);
        run(&["--check", name, "out"]).success();
        tree.write("fanjian.toml", b"to = \"zh-TW\"\n");
        tree.write("again.txt", format!("{PLAIN}{}\n", if name == "zh-Hans.txt" { "头发" } else { "頭髮" }).as_bytes());
        tree.run(&["--in-place", "again.txt"]).success();
        tree.has("again.txt", expected);
    }
}

#[test]
fn other_encodings_are_looked_at_too() {
    let Texts { tree, files, .. } = texts();
    let (name, _, expected) = &files[0];
    let text = String::from_utf8(tree.read(name)).unwrap();
    let mut marked = vec![0xff, 0xfe];
    marked.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    tree.write("utf-16.txt", &marked);
    tree.write("gb.txt", &encoding_rs::GB18030.encode(&text).0);
    let gbk = ["--from-encoding", "gbk"];
    for arguments in [&[gbk[0], gbk[1], "gb.txt"][..], &[gbk[0], gbk[1], "-i", "gb.txt"], &["utf-16.txt"]] {
        assert_eq!(stdout(&to_taiwan(&tree, arguments).output().unwrap()), *expected, "{arguments:?}");
    }
}

#[test]
fn what_is_protected_does_not_count_nor_what_comes_late() {
    let Texts { tree, files: [_, (_, _, traditional)], alone } = texts();
    let traditional = traditional.strip_suffix("頭髮\n").unwrap();
    tree.write("off.txt", format!("{PLAIN}// fanjian:off\n{}// fanjian:on\n", "頭髮\n".repeat(20)).as_bytes());
    let late = |len: usize| format!("{PLAIN}{}頭髮\n", "一\n".repeat(len));
    tree.write("before.txt", late(8_170).as_bytes());
    tree.write("behind.txt", late(8_192).as_bytes());
    for (name, expected) in [("off.txt", &*alone), ("before.txt", traditional), ("behind.txt", &*alone)] {
        for arguments in [&[name][..], &["-i", name, "--marks"]] {
            let output = stdout(&to_taiwan(&tree, arguments).output().unwrap());
            assert!(output.starts_with(expected), "{arguments:?}");
        }
    }
}

#[test]
fn several_threads_begin_as_one_does() {
    let Texts { tree, files, .. } = texts();
    for ((_, _, expected), line) in files.iter().zip(["头发了，里面有面。", "頭髮了，裡面有麵。"]) {
        tree.write("long.txt", format!("{PLAIN}{}", format!("一面二\n{line}\n面\n").repeat(60_000)).as_bytes());
        let convert = |arguments: &[&str]| stdout(&to_taiwan(&tree, arguments).output().unwrap());
        let one = convert(&["-j", "1", "-i", "long.txt"]);
        assert!(one.starts_with(expected.strip_suffix("頭髮\n").unwrap()));
        for arguments in [&["-j", "3", "-i", "long.txt"][..], &["-j", "3", "long.txt"], &["-j", "1", "long.txt"]] {
            assert!(convert(arguments) == one, "{arguments:?}");
        }
    }
}

/// An explanation is of what the conversion of a file does.
#[test]
fn an_explanation_looks_at_the_beginning_too() {
    let Texts { tree, files, .. } = texts();
    for (name, _, expected) in &files {
        let explain = |arguments: &[&str], stdin: Stdio| {
            let mut command = Command::new(cargo_bin!("fanjian"));
            command.args(["explain", "--to", "zh-TW", "--all", "--format", "json"]).args(arguments);
            let records = stdout(&command.current_dir(tree.path("")).stdin(stdin).output().unwrap());
            let output = |line: &str| {
                let record: serde_json::Value = serde_json::from_str(line).unwrap();
                record["output"].as_str().unwrap().to_owned()
            };
            records.lines().map(output).collect::<String>()
        };
        let text = String::from_utf8(tree.read(name)).unwrap();
        assert_eq!(explain(&[&text], Stdio::null()), *expected, "{name}");
        assert_eq!(explain(&[&text, PLAIN], Stdio::null()), expected.clone() + &explain(&[PLAIN], Stdio::null()));
        assert_eq!(explain(&[], File::open(tree.path(name)).unwrap().into()), *expected, "{name}");
    }
}
