//! Outputs that are inputs, edits during a run, and files of the command itself.

#![cfg(unix)]

mod tree;

use std::{
    fs,
    os::unix::fs::{FileExt, symlink},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use snapbox::cmd::{OutputAssert, cargo_bin};
use tree::Tree;

const OLD: &[u8] = "头发\n".as_bytes();
const LINE: &[u8] = "{\"t\":\"头发\"}\n".as_bytes();
const RECORDS: [&str; 5] = ["-c", "s2t", "--jsonl", "--field", "t"];

fn said(run: &OutputAssert) -> String {
    String::from_utf8_lossy(&run.get_output().stderr).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a line of the shell, in which `$F` is the command, for two minutes and 4 MB of each file at most.
fn shell(tree: &Tree, line: &str) -> Output {
    let mut shell = Command::new("timeout");
    shell.args(["120", "bash", "-c", &format!("ulimit -f 4096; {line}")]);
    shell.current_dir(tree.path("")).env("F", cargo_bin!("fanjian")).env("NO_COLOR", "1").output().unwrap()
}

/// It used to read what it wrote until the disk was full.
#[test]
fn what_a_shell_has_put_behind_standard_output_is_no_input() {
    let files: &[(&str, &[u8])] =
        &[("a.txt", OLD), ("a.jsonl", LINE), ("a.csv", "t\n头发\n".as_bytes()), ("b.txt", OLD), ("list", b"b.txt\n")];
    for (line, name) in [
        ("$F -c s2t a.txt b.txt >> b.txt", "b.txt is both input and standard output"),
        ("$F -c s2t --files-from list >> b.txt", "b.txt is both input and standard output"),
        ("$F -i a.txt >> a.txt", "a.txt is both input and standard output"),
        ("$F -j 2 -i a.txt >> a.txt", "a.txt is both input and standard output"),
        ("$F -i a.txt -o /dev/stdout --in-place >> a.txt", "a.txt is both input and standard output"),
        ("$F -i a.txt -o /dev/fd/3 --in-place 3>> a.txt", "a.txt is both input and output"),
        ("$F < a.txt >> a.txt", "standard input is both input and standard output"),
        ("$F - < a.txt >> a.txt", "standard input is both input and standard output"),
        ("$F --inspect -i a.txt >> a.txt", "a.txt is both input and standard output"),
        ("$F -c s2t --jsonl --field t -i a.jsonl >> a.jsonl", "a.jsonl is both input and standard output"),
        ("$F -c s2t --jsonl --field t a.jsonl >> a.jsonl", "a.jsonl is both input and standard output"),
        ("$F -c s2t --csv --column t < a.csv >> a.csv", "standard input is both input and standard output"),
        ("$F clean --to zh-TW -i a.txt >> a.txt", "a.txt is both input and standard output"),
        ("$F clean --to zh-TW a.txt >> a.txt", "a.txt is both input and standard output"),
        ("$F detect --lines a.txt >> a.txt", "a.txt is both input and standard output"),
        ("$F explain < a.txt >> a.txt", "standard input is both input and standard output"),
        ("$F -c s2t --in-place a.txt 2>> a.txt", ""),
        ("$F -o a.txt < a.txt", "standard input is both input and output: name it by --input, with --in-place"),
        ("$F clean --to zh-TW -o a.txt < a.txt", "standard input is both input and output"),
        ("$F -c s2t --csv --column t -o a.csv < a.csv", "standard input is both input and output"),
        ("$F -c s2t --csv --column t --errors a.csv < a.csv", "--errors a.csv is also standard input"),
        ("$F -c s2t --jsonl --field t --errors a.csv -i a.jsonl >> a.csv", "--errors a.csv is also standard output"),
    ] {
        let tree = Tree::new(files);
        let run = shell(&tree, line);
        assert_eq!(run.status.code(), Some(2), "{line}: {}", stderr(&run));
        assert!(stderr(&run).contains(name), "{line}: {}", stderr(&run));
        for (path, contents) in files.iter().filter(|_| !line.contains("2>>")) {
            assert_eq!(tree.read(path), *contents, "{line}");
        }
    }
    // To another file, all is as ever.
    let tree = Tree::new(files);
    assert!(
        shell(&tree, "$F < a.txt > c.txt && $F -c s2t a.txt >> c.txt && $F -i - -o a.txt --in-place < a.txt")
            .status
            .success()
    );
    tree.has("c.txt", "頭髮\n頭髮\n");
    tree.has("a.txt", "頭髮\n");
}

/// It used to read what it wrote until the disk was full.
#[test]
fn in_a_folder_the_output_is_left_out() {
    for (line, name, expected) in [
        ("$F -c s2t . > z.txt", "z.txt", "頭髮\n"),
        ("$F clean --to zh-TW . > z.txt", "z.txt", "頭髮\n"),
        ("$F -c s2t --jsonl --field t . > z.jsonl", "z.jsonl", "{\"t\":\"頭髮\"}\n"),
        ("$F -c s2t --csv --column t . > z.csv", "z.csv", "t\n頭髮\n"),
    ] {
        let extension = name.strip_prefix('z').unwrap();
        let contents: &[u8] = if extension == ".txt" {
            OLD
        } else if extension == ".csv" {
            "t\n头发\n".as_bytes()
        } else {
            LINE
        };
        let tree = Tree::new(&[(&format!("a{extension}"), contents)]);
        let run = shell(&tree, line);
        assert!(run.status.success(), "{line}: {}", stderr(&run));
        let note = format!("{name}: skipped: the output of this run (write to a file elsewhere to convert this one)");
        assert!(stderr(&run).contains(&note), "{line}: {}", stderr(&run));
        tree.has(name, expected);
    }
    // A report, too: it would be replaced.
    let tree = Tree::new(&[("a.txt", OLD), ("头.txt", OLD)]);
    let run = shell(&tree, "$F -c s2t --in-place --format json . > z.txt");
    assert!(run.status.success(), "{}", stderr(&run));
    let report = String::from_utf8(tree.read("z.txt")).unwrap();
    assert!(report.contains("\"path\":\"头.txt\"") && report.contains("\"summary\""), "{report}");
    let run = shell(&tree, "$F -c t2s --in-place -v . 2> z.log");
    assert!(run.status.success());
    assert!(String::from_utf8(tree.read("z.log")).unwrap().contains("z.log: skipped: the output of this run"));
    assert!(shell(&tree, "$F detect --lines . > z.txt").status.success());
}

fn spawn(tree: &Tree, arguments: &[&str]) -> Child {
    let mut command = Command::new(cargo_bin!("fanjian"));
    command.args(arguments).current_dir(tree.path("")).stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits for the end of a child, which used to hang, for half a minute at most.
fn wait(mut child: Child) -> Output {
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begin.elapsed() > Duration::from_secs(120) {
            child.kill().unwrap();
            panic!("it hangs");
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// The edit used to be replaced, with exit status 0.
#[test]
fn an_edit_while_a_single_input_is_converted_in_place_stays() {
    let (text, records) = ("头发干了里面\n".repeat(200_000), "{\"t\":\"头发干了里面\"}\n".repeat(120_000));
    for (more, contents) in [
        (&["-c", "s2t"][..], &text),
        (&["-c", "s2t", "-j", "2"], &text),
        (&["-c", "s2t", "--marks"], &text),
        (&RECORDS, &records),
        (&[&RECORDS[..], &["--errors", "bad"]].concat(), &format!("{{broken\n{records}")),
    ] {
        let tree = Tree::new(&[("a", contents.as_bytes())]);
        let mut child = spawn(&tree, &[more, &["-i", "a", "-o", "a", "--in-place"]].concat());
        let begin = Instant::now();
        while !tree.files().iter().any(|file| file.starts_with(".fanjian-tmp-")) {
            assert!(child.try_wait().unwrap().is_none() && begin.elapsed() < Duration::from_secs(120), "{more:?}");
        }
        signal(&child, "-STOP");
        // The last line feed: what is read is text in any case.
        let file = fs::OpenOptions::new().write(true).open(tree.path("a")).unwrap();
        file.write_all_at(b" ", contents.len() as u64 - 1).unwrap();
        drop(file);
        signal(&child, "-CONT");
        let output = wait(child);
        assert_eq!(output.status.code(), Some(3), "{more:?}");
        let message = "fanjian: a: it changed while it was read, and is left as it is";
        assert!(stderr(&output).contains(message), "{more:?}: {}", stderr(&output));
        assert_eq!(tree.read("a"), [contents.trim_end().as_bytes(), b" "].concat(), "{more:?}");
        assert!(!tree.path("bad").exists() || tree.read("bad").is_empty(), "{more:?}");
        assert!(!tree.files().iter().any(|file| file.starts_with(".fanjian-")));
    }
}

/// It used to open the pipe before it was known to be none of the outputs: without a writer, that has no end.
#[test]
fn a_pipe_that_is_given_is_not_waited_for() {
    for more in [&["-O", "out", "p"][..], &["--rename", "-O", "out", "p"], &["--in-place", "p"]] {
        for kind in [&["-c", "s2t"][..], &RECORDS, &[&RECORDS[..], &["--errors", "bad"]].concat()] {
            if kind.contains(&"--jsonl") && more.contains(&"--rename") {
                continue;
            }
            let tree = Tree::new(&[("out/p", b""), ("bad", b"")]);
            assert!(Command::new("mkfifo").arg(tree.path("p")).status().unwrap().success());
            let output = wait(spawn(&tree, &[kind, more].concat()));
            assert_eq!(output.status.code(), Some(3), "{more:?} {kind:?}");
            let message = "p: it is not a regular file, and cannot be replaced";
            assert!(stderr(&output).contains(message), "{more:?} {kind:?}: {}", stderr(&output));
        }
    }
}

/// Files of the user's used to be taken for temporary ones, and skipped.
#[test]
fn a_short_word_is_no_temporary_file() {
    let tree = Tree::new(&[(".fanjian-config", OLD), (".fanjian-backup", OLD), (".fanjian-tmp-notes", OLD)]);
    tree.run(&["-c", "s2t", "--in-place", "--hidden", "."]).success();
    for file in tree.files() {
        tree.has(&file, "頭髮\n");
    }
}

/// Such a file used to be converted if it was given, or left out without being counted.
#[test]
fn files_of_the_command_that_are_given_count_as_skipped() {
    const LEFT: &str = ".fanjian-tmp-aB3xyZaB3xyZ";
    const FINISHED: &str = ".fanjian-finished.jsonl";
    let temporary = format!("{LEFT}: skipped: it looks like a temporary file of fanjian (if it is yours, rename it)");
    let finished = format!("{FINISHED}: skipped: the list of inputs that fanjian has finished (if it is data of yours");
    let files: &[(&str, &[u8])] = &[(LEFT, LINE), (FINISHED, LINE), ("a.jsonl", LINE), ("b.jsonl.bak", LINE)];
    for kind in [&["-c", "s2t"][..], &RECORDS] {
        for to in [&["--in-place"][..], &["-O", "out"]] {
            let tree = Tree::new(files);
            let run = tree.run(&[kind, to, &[LEFT, FINISHED, "a.jsonl", "b.jsonl.bak"]].concat()).success();
            let said = said(&run);
            assert!(said.contains(&temporary) && said.contains(&finished), "{said}");
            assert!(said.contains("4 files: 1 changed, 0 unchanged, 3 skipped, 0 failed"), "{said}");
            for (file, contents) in files.iter().filter(|(file, _)| *file != "a.jsonl") {
                assert_eq!(tree.read(file), *contents);
                assert!(!tree.path("out").join(file).exists() || to == ["-O", "out"] && *file == FINISHED);
            }
            let run = tree.run(&[kind, to, &["--check", "--format", "json", LEFT]].concat()).code(3);
            let out = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
            assert!(out.contains("\"state\":\"skipped\""), "{out}");
        }
    }
    // By `--input`, a file is taken whatever its name is.
    let tree = Tree::new(files);
    tree.run(&["-i", LEFT]).success().stdout_eq("{\"t\":\"頭髮\"}\n");
    // A name of such a file is not given to another one.
    let tree = Tree::new(&[(".头.jsonl", OLD), ("words", "头\tfanjian-finished\n".as_bytes())]);
    let run = tree.run(&["-c", "s2t", "--dict", "words", "--rename", "-O", "out", ".头.jsonl"]).code(3);
    assert!(said(&run).contains("would be written to out/.fanjian-finished.jsonl, a name of fanjian's own files"));
    assert!(!tree.path("out").exists());
}

/// The name of a backup that is left out used to be converted, and could be a failure.
#[test]
fn the_name_of_a_file_that_is_left_out_has_no_flaw() {
    let tree = Tree::new(&[("a.txt", OLD), ("头.bak", OLD), ("words", "头\t../x\n".as_bytes())]);
    let run = tree.run(&["-c", "s2t", "--dict", "words", "--rename", "-O", "out", "a.txt", "头.bak"]).success();
    assert!(said(&run).contains("2 files: 1 changed, 0 unchanged, 1 skipped, 0 failed"), "{}", said(&run));
}

/// The first run used to succeed, and each later one to fail.
#[test]
fn the_output_folder_is_no_input() {
    for kind in [&["-c", "s2t"][..], &RECORDS] {
        for to in [&["-O", "b", "b"][..], &["-O", "./b", "c", "b/"], &["-O", "b", "../b/../", "link"]] {
            let tree = Tree::new(&[("b/a.jsonl", LINE), ("c/a.jsonl", LINE)]);
            symlink("b", tree.path("link")).unwrap();
            let run = tree.run(&[kind, to].concat()).code(2);
            assert!(said(&run).contains(" is both input and output"), "{to:?}: {}", said(&run));
            assert!(!tree.path("b/b").exists() && !tree.path("b/c").exists());
        }
    }
    let tree = Tree::new(&[("b/a.txt", OLD)]);
    tree.run(&["-c", "s2t", "--rename", "-O", "b", "b"]).code(2);
}

/// The broken records used to be added to the file before it was known whether there is an output.
#[cfg(target_os = "linux")]
#[test]
fn broken_records_of_a_single_input_are_added_when_its_output_is_complete() {
    for to in ["-o /dev/full", "> /dev/full"] {
        let tree = Tree::new(&[("a.jsonl", &[b"{broken\n", LINE].concat())]);
        let run = shell(&tree, &format!("$F -c s2t --jsonl --field t --errors bad -i a.jsonl {to}"));
        assert_eq!(run.status.code(), Some(3), "{}", stderr(&run));
        assert!(stderr(&run).contains("No space left on device"), "{}", stderr(&run));
        assert_eq!(tree.read("bad"), b"", "{to}");
    }
}
