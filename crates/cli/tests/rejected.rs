//! Broken records: none is lost, whatever is run, in which order, and where it stops.

mod tree;

use std::{fs, process::Stdio};

use serde_json::Value;
use snapbox::cmd::{Command, cargo_bin};
use tree::Tree;

const GOOD: &str = "{\"text\":\"头发\"}\n";
const CONVERTED: &str = "{\"text\":\"頭髮\"}\n";

const JSONL: [&str; 8] = ["-c", "s2t", "--jsonl", "--field", "text", "--no-progress", "--errors", "bad.jsonl"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&JSONL, more].concat()
}

fn entries(tree: &Tree, path: &str) -> Vec<Value> {
    let text = String::from_utf8(tree.read(path)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn records(tree: &Tree, path: &str) -> Vec<String> {
    entries(tree, path).iter().map(|entry| entry["record"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn fails(tree: &Tree, arguments: &[&str], status: i32, message: &str) {
    let output = tree.run(arguments).code(status);
    let printed = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(printed.contains(message), "{printed}");
}

/// The second run used to empty the file of broken records, which were nowhere then.
#[test]
fn broken_records_of_a_file_in_place_stay_for_good() {
    for input in ["a.jsonl", "."] {
        let tree = Tree::new(&[("a.jsonl", format!("{GOOD}broken\n").as_bytes())]);
        for _ in 0..3 {
            tree.run(&with(&["--in-place", input])).success();
            tree.has("a.jsonl", CONVERTED);
            assert_eq!(records(&tree, "bad.jsonl"), ["broken"]);
        }
        tree.write("a.jsonl", b"{\"text\":\"\"}\nmore\n");
        tree.run(&with(&["--in-place", input])).success();
        assert_eq!(records(&tree, "bad.jsonl"), ["broken", "more"]);
    }
    // The same of one input that is its own output.
    let tree = Tree::new(&[("a.jsonl", format!("{GOOD}broken\n").as_bytes())]);
    for _ in 0..2 {
        tree.run(&with(&["--in-place", "-i", "a.jsonl", "-o", "a.jsonl"])).success();
        tree.has("a.jsonl", CONVERTED);
        assert_eq!(records(&tree, "bad.jsonl"), ["broken"]);
    }
}

/// Bytes that are not UTF-8 used to become U+FFFD.
#[test]
fn a_broken_record_is_there_byte_for_byte() {
    let tree = Tree::new(&[("a.jsonl", &b"{\"text\":\"x\"}\n{\"text\":\"\xa4\xa4\xff\"}\r\n"[..])]);
    for _ in 0..2 {
        tree.run(&with(&["--in-place", "a.jsonl"])).success();
    }
    let [entry] = &entries(&tree, "bad.jsonl")[..] else { panic!() };
    assert_eq!((&entry["record"], &entry["record_base64"]), (&Value::Null, &"eyJ0ZXh0IjoipKT/In0=".into()));
    assert_eq!(entry["line"], 2);
    tree.has("a.jsonl", "{\"text\":\"x\"}\n");
    // A record that is longer than what is kept of one that is too long.
    let long = format!("{{\"text\":\"{}", "头".repeat(100_000));
    tree.write("b.jsonl", format!("{GOOD}{long}\n").as_bytes());
    tree.run(&with(&["--in-place", "b.jsonl"])).success();
    assert_eq!(entries(&tree, "bad.jsonl")[1]["record"], long);
}

/// Only the first KiB used to be kept, and the file was replaced.
#[test]
fn a_record_that_is_too_long_stays_in_its_file() {
    let long = format!("{{\"text\":\"{}\"}}", "头".repeat(1000));
    let input = format!("{GOOD}{long}\n{GOOD}");
    let tree = Tree::new(&[("s/a.jsonl", input.as_bytes()), ("s/b.jsonl", GOOD.as_bytes())]);
    let message = "line 2: the record has 3011 bytes, which is more than the limit of 1024; the file of --errors would have \
                   a part of it only: use a higher --max-record, or --output-dir";
    fails(&tree, &with(&["--max-record", "1K", "--in-place", "s"]), 3, &format!("s/a.jsonl: {message}"));
    tree.has("s/a.jsonl", &input);
    tree.has("s/b.jsonl", CONVERTED);
    tree.has("bad.jsonl", "");
    let one = with(&["--max-record", "1K", "--in-place", "-i", "s/a.jsonl", "-o", "s/a.jsonl"]);
    fails(&tree, &one, 3, message);
    tree.has("s/a.jsonl", &input);
    // Elsewhere, the input has it.
    tree.run(&with(&["--max-record", "1K", "-O", "out", "s/a.jsonl"])).success();
    let [entry] = &entries(&tree, "bad.jsonl")[..] else { panic!() };
    assert_eq!((&entry["truncated"], entry["record"].as_str().unwrap()), (&true.into(), &long[..1023]));
    tree.has("out/s/a.jsonl", &CONVERTED.repeat(2));
}

/// One of them used to erase the broken records of the other one.
#[test]
fn inputs_of_one_name_are_different_inputs() {
    let tree = Tree::new(&[("x/a.jsonl", b"{\"text\":\"\"}\nx\n"), ("y/a.jsonl", b"{\"text\":\"\"}\ny\n")]);
    let run = |folder: &str, more: &[&str]| {
        let mut arguments = with(more);
        arguments[7] = "../bad.jsonl";
        Command::new(cargo_bin!("fanjian")).args(arguments).current_dir(tree.path(folder)).assert().success();
    };
    for folder in ["x", "y", "x"] {
        run(folder, &["-O", "../out", "a.jsonl"]);
    }
    assert_eq!(records(&tree, "bad.jsonl"), ["x", "y"]);
    let [first, second] = &entries(&tree, "bad.jsonl")[..] else { panic!() };
    assert_eq!(first["input"], second["input"]);
    assert_ne!(first["path"], second["path"]);
    // However it is named.
    run("x", &["-O", "../other", "../x/./a.jsonl"]);
    assert_eq!(records(&tree, "bad.jsonl").len(), 2);
}

#[test]
fn standard_input_is_a_new_input_each_time() {
    let tree = Tree::new(&[]);
    for _ in 0..2 {
        let output = Command::new(cargo_bin!("fanjian"))
            .args(with(&[]))
            .current_dir(tree.path(""))
            .stdin("{\"text\":\"\"}\nbroken\n")
            .assert();
        output.success().stdout_eq("{\"text\":\"\"}\n");
    }
    assert_eq!(records(&tree, "bad.jsonl"), ["broken", "broken"]);
}

/// They used to be written at the end of the input: an interrupted pipe had none.
#[test]
fn broken_records_of_a_pipe_are_written_as_they_come() {
    use std::{io::Write, thread, time::Duration};
    let tree = Tree::new(&[]);
    let mut child = std::process::Command::new(cargo_bin!("fanjian"))
        .args(with(&[]))
        .current_dir(tree.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"broken\n").unwrap();
    input.flush().unwrap();
    // The pipe stays open: without an end of the input, only this can end the wait.
    while !fs::read(tree.path("bad.jsonl")).is_ok_and(|bad| bad.ends_with(b"\n")) {
        assert!(child.try_wait().unwrap().is_none());
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(records(&tree, "bad.jsonl"), ["broken"]);
}

/// What an interrupted run leaves, at each of its stages.
#[test]
fn a_run_goes_on_from_wherever_it_was_stopped() {
    let input = format!("{GOOD}broken\n");
    let whole = {
        let tree = Tree::new(&[("a.jsonl", input.as_bytes())]);
        tree.run(&with(&["--in-place", "a.jsonl"])).success();
        let root = fs::canonicalize(tree.path("")).unwrap();
        String::from_utf8(tree.read("bad.jsonl")).unwrap().replace(root.to_str().unwrap(), "ROOT")
    };
    // The records were written in part, or as a whole, and the input was not replaced.
    for end in 0..=whole.len() {
        if !whole.is_char_boundary(end) {
            continue;
        }
        let tree = Tree::new(&[("a.jsonl", input.as_bytes())]);
        let root = fs::canonicalize(tree.path("")).unwrap();
        let before = "{\"input\":\"old.jsonl\",\"line\":1,\"reason\":\"r\",\"record\":\"old\"}\n";
        let left = whole[..end].replace("ROOT", root.to_str().unwrap());
        tree.write("bad.jsonl", format!("{before}{left}").as_bytes());
        tree.run(&with(&["-q", "--in-place", "a.jsonl"])).success();
        assert_eq!(records(&tree, "bad.jsonl"), ["old", "broken"], "{left}");
        tree.has("a.jsonl", CONVERTED);
    }
}

#[cfg(unix)]
#[test]
fn an_input_is_not_replaced_before_its_broken_records_are_safe() {
    let input = format!("{GOOD}broken\n");
    // The records cannot be written.
    #[cfg(target_os = "linux")]
    {
        let tree = Tree::new(&[("a.jsonl", input.as_bytes())]);
        let mut full = with(&["--in-place", "a.jsonl"]);
        full[7] = "/dev/full";
        fails(&tree, &full, 3, "cannot write /dev/full");
        tree.has("a.jsonl", &input);
        assert_eq!(tree.files(), ["a.jsonl"]);
    }
    // The output cannot be written: they are in the input alone.
    let tree = Tree::new(&[("a.jsonl", input.as_bytes()), ("a.jsonl.bak/x", b"")]);
    for _ in 0..2 {
        fails(&tree, &with(&["--in-place", "--backup", ".bak", "a.jsonl"]), 3, "a.jsonl");
        tree.has("a.jsonl", &input);
        tree.has("bad.jsonl", "");
    }
    tree.run(&with(&["--in-place", "a.jsonl"])).success();
    assert_eq!(records(&tree, "bad.jsonl"), ["broken"]);
}

/// The file used to be replaced by an output, or to be converted and written at once.
#[test]
fn the_file_of_broken_records_is_no_input_and_no_output() {
    let entry = "{\"input\":\"x\",\"line\":1,\"reason\":\"r\",\"record\":\"头\"}\n";
    let tree = Tree::new(&[("a.jsonl", GOOD.as_bytes()), ("bad.jsonl", entry.as_bytes()), ("out/x", b"")]);
    fs::hard_link(tree.path("bad.jsonl"), tree.path("link.jsonl")).unwrap();
    for arguments in [
        &["--in-place", "bad.jsonl"][..],
        &["--in-place", "link.jsonl"],
        &["-O", "out", "bad.jsonl"],
        &["-i", "a.jsonl", "-o", "bad.jsonl"],
        &["-i", "bad.jsonl", "-o", "x.jsonl"],
        &["--in-place", "--backup", "/../bad.jsonl", "a.jsonl"],
    ] {
        tree.run(&with(arguments)).failure();
        tree.has("bad.jsonl", entry);
        tree.has("a.jsonl", GOOD);
    }
    fails(
        &tree,
        &with(&["-i", "a.jsonl", "-o", "bad.jsonl"]),
        2,
        "--errors bad.jsonl is bad.jsonl, which is read or written",
    );
    for errors in ["out/a.jsonl", "out/.fanjian-finished.jsonl"] {
        let mut arguments = with(&["-O", "out", "a.jsonl"]);
        arguments[7] = errors;
        fails(&tree, &arguments, 2, "which is read or written");
    }
    assert_eq!(tree.files(), ["a.jsonl", "bad.jsonl", "link.jsonl", "out/x"]);
}

/// The output of one input used to be written over another input.
#[test]
fn no_output_is_another_input() {
    let tree = Tree::new(&[("s/a.jsonl", GOOD.as_bytes()), ("out/s/a.jsonl", b"{\"text\":\"x\"}\n")]);
    fails(&tree, &with(&["-O", "out", "s/a.jsonl", "out/s/a.jsonl"]), 2, "out/s/a.jsonl is both input and output");
    tree.has("out/s/a.jsonl", "{\"text\":\"x\"}\n");
}

/// It used to be done, called a failure, and done again in each run.
#[cfg(target_os = "linux")]
#[test]
fn an_input_with_any_name_is_finished_once() {
    use std::os::unix::ffi::OsStrExt;
    let tree = Tree::new(&[("s/a.jsonl", GOOD.as_bytes())]);
    for name in [&b"s/\xff.jsonl"[..], b"s/\xfe.jsonl", b"s/%FF.jsonl"] {
        fs::write(tree.path("").join(std::ffi::OsStr::from_bytes(name)), GOOD).unwrap();
    }
    let run = |last: &str| fails(&tree, &with(&["-O", "out", "s"]), 0, last);
    run("4 files: 4 changed, 0 unchanged, 0 skipped, 0 failed");
    run("4 files: 0 changed, 0 unchanged, 0 skipped, 0 failed, 4 finished before");
    fs::write(tree.path("out/s").join(std::ffi::OsStr::from_bytes(b"\xfe.jsonl")), "").unwrap();
    run("4 files: 1 changed, 0 unchanged, 0 skipped, 0 failed, 3 finished before");
}

/// The output of one input used to count as that of another one with the same name.
#[test]
fn an_input_of_another_folder_is_not_finished() {
    let tree = Tree::new(&[("x/a.jsonl", GOOD.as_bytes()), ("y/a.jsonl", GOOD.as_bytes())]);
    let times = fs::FileTimes::new().set_modified(fs::metadata(tree.path("x/a.jsonl")).unwrap().modified().unwrap());
    fs::File::options().write(true).open(tree.path("y/a.jsonl")).unwrap().set_times(times).unwrap();
    let run = |folder: &str| {
        let arguments = ["-c", "s2t", "--jsonl", "--field", "text", "-O", "../out", "a.jsonl"];
        let output =
            Command::new(cargo_bin!("fanjian")).args(arguments).current_dir(tree.path(folder)).assert().success();
        String::from_utf8_lossy(&output.get_output().stderr).contains("1 finished before")
    };
    assert_eq!(["x", "x", "y", "y", "x"].map(run), [false, true, false, true, false]);
}

/// All records used to pass unchanged, with exit status 0.
#[test]
fn a_field_that_no_record_has_is_an_error() {
    let good = "{\"id\":1,\"text\":\"头发\",\"meta\":{\"title\":\"头\"},\"tags\":[\"头\"]}\n";
    let tree = Tree::new(&[("s/a.jsonl", good.as_bytes()), ("s/b.jsonl", good.replace("text", "txt").as_bytes())]);
    let fixed = ["-c", "s2t", "--jsonl", "--no-progress"];
    let run = |more: &[&str], status, message: &str| fails(&tree, &[&fixed, more].concat(), status, message);
    let message = "s/a.jsonl: no record has the field 'txt'; the first one has text at text, meta.title, tags[] \
                   (--missing keep allows that)";
    run(&["--field", "txt", "--in-place", "s"], 3, message);
    tree.has("s/a.jsonl", good);
    assert!(String::from_utf8(tree.read("s/b.jsonl")).unwrap().contains("頭髮"));
    let message = "has the field 'meta.*'; the first one has text at text, meta.title";
    run(&["--field", "meta.*", "-i", "s/a.jsonl", "-o", "out.jsonl"], 3, message);
    for missing in ["drop", "error"] {
        run(
            &["--field", "none", "--missing", missing, "--errors", "bad.jsonl", "--in-place", "s/a.jsonl"],
            3,
            "'none'",
        );
        tree.has("s/a.jsonl", good);
    }
    run(&["--field", "none", "--check", "s"], 3, "'none'");
    run(&["--field", "none", "--missing", "keep", "-O", "kept", "s"], 0, "no record has text at 'none'");
    tree.has("kept/s/a.jsonl", good);
    // One of two fields is known only at the end.
    run(&["--field", "text", "--field", "none", "-O", "two", "s/a.jsonl"], 3, "no record has the field 'none'");
    assert!(tree.path("two/s/a.jsonl").exists());
    run(&["--field", "text", "--field", "txt", "-O", "both", "s"], 0, "1 record without text at 'txt'");
    // A field without text, or one that may be there, is not absent.
    tree.write("null.jsonl", b"{\"a\":null,\"b\":[],\"c\":3,\"d\":null,\"e\":[1]}\n");
    for field in ["a", "b[].text", "b[2]", "c", "d.text", "e[1]"] {
        run(&["--field", field, "-i", "null.jsonl"], 0, "no record has text at");
    }
    for field in ["c.text", "e[].text", "e.text"] {
        run(&["--field", field, "-i", "null.jsonl"], 3, "has no text (--missing keep");
    }
    // Where no record can be read, nothing is known of fields.
    tree.write("broken.jsonl", b"broken\n");
    run(&["--field", "a", "--errors", "bad.jsonl", "-i", "broken.jsonl"], 0, "1 broken");
    tree.write("empty.jsonl", b"\n");
    run(&["--field", "a", "-i", "empty.jsonl"], 0, "0 records");
}

/// Columns that a table does not have are errors of their own.
#[test]
fn a_column_that_a_table_does_not_have_is_an_error() {
    let tree = Tree::new(&[("a.csv", "id,text\n1,头\n".as_bytes())]);
    let message = "a.csv: unknown column 'txt'; expected one of id, text";
    fails(&tree, &["-c", "s2t", "--csv", "--column", "txt", "--in-place", "a.csv"], 3, message);
    tree.has("a.csv", "id,text\n1,头\n");
}

/// It used to be decided after 10,000 records: a field that later ones have was an error.
#[test]
fn a_sparse_field_is_looked_for_up_to_the_end() {
    let without = "{\"a\":\"\"}\n".repeat(200_000);
    let sparse = format!("{without}{{\"b\":\"头\"}}\n");
    let tree = Tree::new(&[("s/a.jsonl", sparse.as_bytes()), ("none.jsonl", without.as_bytes())]);
    let fixed = ["-c", "s2t", "--jsonl", "--field", "b"];
    let run = |more: &[&str]| tree.run(&[&fixed, more].concat());
    let warnings = |output: &snapbox::cmd::OutputAssert| {
        String::from_utf8_lossy(&output.get_output().stderr).matches("fanjian: warning: after ").count()
    };
    assert_eq!(warnings(&run(&["-i", "s/a.jsonl", "-o", "out.jsonl"]).success()), 1);
    tree.has("out.jsonl", &sparse.replace('头', "頭"));
    assert_eq!(warnings(&run(&["--in-place", "s", "out.jsonl"]).success()), 1);
    tree.has("s/a.jsonl", &sparse.replace('头', "頭"));
    assert_eq!(warnings(&run(&["-q", "-i", "s/a.jsonl", "-o", "out.jsonl"]).success()), 0);
    run(&["-O", "out", "none.jsonl"]).code(3);
    assert!(!tree.path("out/none.jsonl").exists());
    assert_eq!(run(&["-i", "none.jsonl"]).code(3).get_output().stdout.len(), without.len());
}

/// The error used to be one in the first run alone: later ones did not look at what that had finished.
#[test]
fn an_absent_field_is_an_error_again_in_a_resumed_run() {
    let tree = Tree::new(&[("a.jsonl", "{\"a\":\"头\"}\n".as_bytes())]);
    let run = |file: &str, status| {
        let arguments = ["-c", "s2t", "--jsonl", "--field", "a", "--field", "b", "-O", "out", "a.jsonl", file];
        let arguments = arguments.into_iter().filter(|argument| !argument.is_empty()).collect::<Vec<_>>();
        tree.run(&arguments).code(status);
    };
    run("", 3);
    run("", 3);
    fails(
        &tree,
        &["-c", "s2t", "--jsonl", "--field", "a", "--field", "b", "-O", "out", "a.jsonl"],
        3,
        "1 finished before\nfanjian: no record has the field 'b'",
    );
    // Another input has it.
    tree.write("b.jsonl", b"{\"b\":\"\"}\n");
    run("b.jsonl", 0);
    run("b.jsonl", 0);
}

/// It used to make a file of that name.
#[test]
fn broken_records_go_to_a_file() {
    let tree = Tree::new(&[("a.jsonl", b"{}\n")]);
    let arguments = ["-c", "s2t", "--jsonl", "--field", "a", "--errors", "-", "a.jsonl"];
    fails(&tree, &arguments, 2, "--errors needs the name of a file");
    assert!(!tree.path("-").exists());
}

#[test]
fn records_as_text_get_a_note() {
    let tree =
        Tree::new(&[("a.jsonl", GOOD.as_bytes()), ("b.ndjson", b"{}\n"), ("c.parquet", b"PAR1\0"), ("d.txt", b"x")]);
    let note = "fanjian: a.jsonl and 1 more: JSON lines are taken as text, with all names (use --jsonl --field NAME)\n";
    fails(&tree, &["-c", "s2t", "--dry-run", "a.jsonl", "b.ndjson", "d.txt"], 0, note);
    fails(&tree, &["-c", "s2t", "-i", "b.ndjson"], 0, "fanjian: b.ndjson: JSON lines are taken as text");
    fails(
        &tree,
        &["-c", "s2t", "c.parquet"],
        0,
        "fanjian: c.parquet: Parquet is not text (use --parquet --column NAME)\n",
    );
    for arguments in
        [&["-c", "s2t", "-q", "a.jsonl"][..], &["-c", "s2t", "d.txt"], &["-c", "s2t", "--dry-run", "-q", "."]]
    {
        tree.run(arguments).success().stderr_eq("");
    }
}

/// The message used to end where the question began.
#[test]
fn records_in_another_encoding_get_a_way_out() {
    let tree = Tree::new(&[]);
    let arguments = ["-c", "s2t", "--csv", "--column", "a", "--from-encoding", "gbk", "-i", "a.csv"];
    fails(&tree, &arguments, 2, "iconv -f GBK -t UTF-8");
}
