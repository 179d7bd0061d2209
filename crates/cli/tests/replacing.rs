//! Replacement of files when others look on: links, edits, signals, limits of the system.

mod tree;

use std::{
    fs,
    os::unix::{fs::symlink, process::ExitStatusExt},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use snapbox::cmd::cargo_bin;
use tree::Tree;

const OLD: &[u8] = "头发".as_bytes();

/// Runs a line of the shell, in which `$F` is the command.
fn shell(tree: &Tree, line: &str) -> Output {
    let mut shell = Command::new("bash");
    shell.args(["-c", line]).current_dir(tree.path("")).env("F", cargo_bin!("fanjian")).env("NO_COLOR", "1");
    shell.output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder that takes long to convert: files of 200 kB.
fn long(files: usize) -> Tree {
    let tree = Tree::new(&[]);
    for file in 0..files {
        tree.write(&format!("in/{file}.txt"), "头发干了里面\n".repeat(10_000).as_bytes());
    }
    tree
}

fn spawn(tree: &Tree, arguments: &[&str]) -> Child {
    let mut command = Command::new(cargo_bin!("fanjian"));
    command.args(arguments).current_dir(tree.path("")).stderr(Stdio::null()).spawn().unwrap()
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// Waits until `is` is true, or the child has ended.
fn wait_until(child: &mut Child, is: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is() && child.try_wait().unwrap().is_none() {
        assert!(begin.elapsed() < Duration::from_secs(60), "nothing happens");
        thread::sleep(Duration::from_millis(1));
    }
}

fn temporary(tree: &Tree) -> Vec<String> {
    tree.files().into_iter().filter(|file| file.contains(".fanjian-") && !file.ends_with(".jsonl")).collect()
}

/// It used to write through the link: a tree of others could have any file of the user's replaced.
#[test]
fn a_backup_is_not_written_through_a_link() {
    for name in ["fanjian", "jsonl"] {
        let tree =
            Tree::new(&[("outside", b"outside"), ("in/a.jsonl", "{\"t\":\"头发\"}\n".as_bytes()), ("in/b.txt", OLD)]);
        for file in ["a.jsonl", "b.txt"] {
            symlink("../outside", tree.path(&format!("in/{file}.bak"))).unwrap();
        }
        let records: &[&str] = if name == "jsonl" { &["--jsonl", "--field", "t"] } else { &[] };
        let run = tree.run(&[&["-c", "s2t"][..], &["--in-place", "--backup", ".bak", "in"], records].concat()).code(3);
        let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(said.contains("in/a.jsonl.bak is not a regular file, and is not replaced by a backup"), "{said}");
        tree.has("outside", "outside");
        tree.has("in/a.jsonl", "{\"t\":\"头发\"}\n");
        tree.has("in/b.txt", "头发");
        assert!(temporary(&tree).is_empty());
    }
}

#[test]
fn a_mirrored_file_is_not_written_through_a_link() {
    let tree = Tree::new(&[("in/a.txt", OLD), ("in/sub/b.txt", OLD), ("outside/b.txt", b"outside"), ("plain/x", b"")]);
    let refused = |link: &str| {
        let run = tree.run(&["-c", "s2t", "-O", "out", "in"]).code(3);
        let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(said.contains(&format!("{link} is a symbolic link")) && said.contains("nothing was done"), "{said}");
        tree.has("outside/b.txt", "outside");
        fs::remove_file(tree.path(link)).unwrap();
    };
    fs::create_dir_all(tree.path("out/in")).unwrap();
    symlink("../../outside", tree.path("out/in/sub")).unwrap();
    refused("out/in/sub");
    symlink("../../outside/b.txt", tree.path("out/in/a.txt")).unwrap();
    refused("out/in/a.txt");
    // The folder itself is the user's.
    symlink("plain", tree.path("link")).unwrap();
    tree.run(&["-c", "s2t", "-O", "link", "in"]).success();
    tree.has("plain/in/sub/b.txt", "頭髮");
}

/// Backups used to be converted by a later run without `--backup`: the old text was nowhere.
#[test]
fn backups_of_earlier_runs_are_never_converted() {
    let tree = Tree::new(&[("in/a.txt", OLD)]);
    tree.run(&["-c", "s2t", "--in-place", "--backup", ".1.bak", "in"]).success();
    tree.run(&["-c", "t2s", "--in-place", "--rename", "in"])
        .success()
        .stderr_eq("2 files: 1 changed, 0 unchanged, 1 skipped, 0 failed\n");
    tree.run(&["-c", "s2t", "--in-place", "--rename", "-v", "in"])
        .success()
        .stderr_eq("in/a.txt: changed, UTF-8\nin/a.txt.1.bak: skipped: backup (--include-backups converts it)\n2 files: 1 changed, 0 unchanged, 1 skipped, 0 failed\n");
    tree.has("in/a.txt.1.bak", "头发");
    tree.run(&["-c", "s2t", "-O", "out", "in"]).success();
    assert!(!tree.path("out/in/a.txt.1.bak").exists());
    // As a shell gives them for `*`: the old contents used to be converted, and were nowhere then.
    let given = tree.run(&["-c", "s2t", "--in-place", "-q", "in/a.txt", "in/a.txt.1.bak"]).success();
    given.stdout_eq("");
    tree.has("in/a.txt.1.bak", "头发");
    let said = tree.run(&["-c", "s2t", "in/a.txt.1.bak"]).code(3).stdout_eq("").get_output().clone();
    assert!(
        stderr(&said).contains("in/a.txt.1.bak: skipped: backup (--include-backups converts it)"),
        "{}",
        stderr(&said)
    );
    tree.write("in/b.jsonl.bak", "{\"t\":\"头发\"}\n".as_bytes());
    tree.run(&["-c", "s2t", "--jsonl", "--field", "t", "--in-place", "in/b.jsonl.bak"]).code(3);
    tree.has("in/b.jsonl.bak", "{\"t\":\"头发\"}\n");
    tree.run(&["-c", "s2t", "--include-backups", "in/a.txt.1.bak"]).success().stdout_eq("頭髮");
    let run = tree.run(&["-c", "s2t", "--in-place", "--backup", ".v1", "in"]).code(2);
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(said.contains("later runs would convert such backups: it must end in ~ or in one of .bak"), "{said}");
}

/// It used to look before it wrote and synced, and replaced an edit that came meanwhile.
#[test]
fn an_edit_while_files_are_converted_stays() {
    for records in [&[][..], &["--jsonl", "--field", "t"]] {
        let tree = Tree::new(&[]);
        let text = "{\"t\":\"头发干了里面\"}\n".repeat(40_000);
        for file in 0..6 {
            tree.write(&format!("in/{file}.jsonl"), text.as_bytes());
        }
        let arguments = [&["-c", "s2t", "--in-place", "-q", "-j", "1", "--backup", ".bak", "in"], records].concat();
        let mut child = spawn(&tree, &arguments);
        wait_until(&mut child, || !temporary(&tree).is_empty());
        signal(&child, "-STOP");
        for file in 0..6 {
            tree.write(&format!("in/{file}.jsonl"), b"an edit");
        }
        signal(&child, "-CONT");
        let status = child.wait().unwrap();
        for file in 0..6 {
            tree.has(&format!("in/{file}.jsonl"), "an edit");
        }
        assert_eq!(status.code(), Some(3), "{records:?}");
        assert!(temporary(&tree).is_empty());
    }
}

#[test]
fn a_signal_leaves_no_temporary_file_and_its_status() {
    for (name, number) in [("-INT", 2), ("-TERM", 15), ("-HUP", 1)] {
        for arguments in [&["-O", "out", "-j", "16"][..], &["--in-place", "--backup", ".bak"]] {
            let tree = long(80);
            let mut child = spawn(&tree, &[&["-c", "s2t", "-q"], arguments, &["in"]].concat());
            wait_until(&mut child, || !temporary(&tree).is_empty());
            signal(&child, name);
            let status = child.wait().unwrap();
            assert!(status.code() == Some(128 + number) || status.success(), "{name}: {status}");
            assert_eq!(temporary(&tree), [""; 0], "{name} {arguments:?}");
        }
    }
}

/// `nohup` used to be in vain.
#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    let tree = long(60);
    let line = "trap '' HUP; $F -c s2t -q -O out in & sleep 0; while [ -z \"$(ls -A out/in 2>/dev/null)\" ]; do :; done; kill -HUP $!; wait $!";
    let output = shell(&tree, line);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(fs::read_dir(tree.path("out/in")).unwrap().count(), 60);
    // The others still end it, without a temporary file.
    let line = "trap '' HUP; $F -c s2t -q -O out2 in & while [ -z \"$(ls -A out2/in 2>/dev/null)\" ]; do :; done; kill -HUP $!; kill -TERM $!; wait $!";
    let output = shell(&tree, line);
    assert!(output.status.success() || output.status.code() == Some(143), "{}", output.status);
    assert!(temporary(&tree).is_empty());
}

/// It used to end with a panic where no thread can be started, as under a limit of processes.
#[test]
fn without_threads_all_is_done_in_one() {
    let tree = long(12);
    tree.write("a.jsonl", "{\"t\":\"头发\"}\n".repeat(100_000).as_bytes());
    tree.write("big.txt", "头发干了里面\n".repeat(100_000).as_bytes());
    // A stack that no system can give: no thread starts.
    let without = "export RUST_MIN_STACK=70368744177664;";
    for (line, path) in [
        ("$F -c s2t -q -j 16 -O NAME in", "in/3.txt"),
        ("$F -c s2t -q -j 16 -i big.txt -o NAME", ""),
        ("$F -c s2t -q -j 16 --jsonl --field t -O NAME a.jsonl", "a.jsonl"),
        ("$F -c s2t -q -j 16 --jsonl --field t -i a.jsonl -o NAME", ""),
    ] {
        let with = shell(&tree, &line.replace("NAME", "with"));
        let output = shell(&tree, &format!("{without} {}", line.replace("NAME", "without")));
        assert!(with.status.success() && output.status.success(), "{line}: {}", stderr(&output));
        let read =
            |name: &str| fs::read(tree.path(name).join(path).components().collect::<std::path::PathBuf>()).unwrap();
        assert_eq!(read("with"), read("without"), "{line}");
        for name in ["with", "without"] {
            let path = tree.path(name);
            if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
        }
    }
}

/// The signal used to end the command, and left a temporary file.
#[test]
fn a_file_over_a_limit_of_the_system_fails_alone() {
    let tree = long(1);
    tree.write("in/small.txt", OLD);
    let output = shell(&tree, "ulimit -f 8; $F -c s2t --in-place -j 1 in");
    assert_eq!((output.status.code(), output.status.signal()), (Some(3), None), "{}", stderr(&output));
    assert!(stderr(&output).contains("in/0.txt: cannot write it: "), "{}", stderr(&output));
    tree.has("in/small.txt", "頭髮");
    tree.has("in/0.txt", &"头发干了里面\n".repeat(10_000));
    assert!(temporary(&tree).is_empty());
    assert!(!Path::new("core").exists());
}

/// The backup used to replace the other file, whose contents were nowhere then.
#[test]
fn a_backup_never_replaces_a_file_that_is_to_be_converted() {
    let tree = Tree::new(&[("a.txt", OLD), ("a.txt.bak", "里面".as_bytes())]);
    let arguments = ["-c", "s2t", "--in-place", "--backup", ".bak", "--include-backups", "a.txt", "a.txt.bak"];
    let output = tree.run(&arguments).code(2).get_output().clone();
    assert!(stderr(&output).contains("a.txt.bak is to be converted, and would be replaced by the backup"));
    tree.has("a.txt", "头发");
    tree.has("a.txt.bak", "里面");
}

/// It used to have a new name all the same.
#[test]
fn a_file_that_fails_keeps_its_name() {
    let tree = Tree::new(&[("头.txt", b"\xff"), ("发.txt", OLD)]);
    tree.run(&["-c", "s2t", "--in-place", "--rename", "-q", "头.txt", "发.txt"]).code(3);
    assert_eq!(tree.files(), ["头.txt", "發.txt"]);
}
