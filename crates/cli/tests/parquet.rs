//! Parquet files through the command.

#[path = "../../records/tests/shard/mod.rs"]
mod shard;
mod tree;

use std::fs::File;

use shard::{damaged_files, groups, shown, write};
use tree::Tree;

#[test]
fn the_command_converts_shards() {
    let file = write(&groups());
    let tree = Tree::new(&[("s/a.parquet", &file), ("s/b.parquet", &file[..50]), ("s/notes.txt", b"")]);
    let arguments = ["-c", "s2t", "--parquet", "--column", "text", "--detect", "script", "-O", "out", "s"];
    let output = tree.run(&arguments).code(3);
    let reported = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(reported.starts_with("fanjian: s/b.parquet: "), "{reported}");
    assert!(reported.ends_with("\n2 files: 1 changed, 0 unchanged, 0 skipped, 1 failed\n6 records: 6 kept, 2 changed, 0 dropped, 0 broken\n1 record without text at 'text'\n"), "{reported}");
    assert_eq!(
        tree.files(),
        ["out/.fanjian-finished.jsonl", "out/s/a.parquet", "s/a.parquet", "s/b.parquet", "s/notes.txt"]
    );
    assert!(shown(&tree.read("out/s/a.parquet"))[0].contains("text: \"頭髮\""));
    let reported = String::from_utf8(tree.run(&arguments).code(3).get_output().stderr.clone()).unwrap();
    assert!(reported.contains("1 failed, 1 finished before"), "{reported}");
    // In place, from one file to another, and what cannot be.
    tree.run(&["-c", "s2t", "--parquet", "--column", "parts[]", "-q", "-i", "s/a.parquet", "-o", "b.parquet"])
        .success();
    tree.run(&["-c", "s2t", "--parquet", "--column", "text", "--in-place", "-q", "b.parquet"]).success();
    let once = shown(&file).join("\n").replace("发展", "發展").replace("头发", "頭髮").replace("里面", "裏面");
    let titles = once.replace("\"头\"", "\"頭\"").replace("title: \"頭\"", "title: \"头\"");
    assert_eq!(shown(&tree.read("b.parquet")).join("\n"), titles);
    tree.run(&["-c", "s2t", "--parquet", "--column", "text", "--check", "b.parquet"]).success();
    tree.run(&["-c", "s2t", "--parquet", "--column", "text", "s"]).code(2);
    tree.run(&["-c", "s2t", "--parquet", "--column", "raw", "-i", "s/a.parquet", "-o", "c.parquet"]).code(3).stderr_eq(
        "fanjian: s/a.parquet: row 1: raw: not UTF-8: invalid byte 0xFF at offset 0 (--errors FILE collects[..]\n",
    );
    assert!(File::open(tree.path("c.parquet")).is_err());
    // A column that does not exist is an error.
    tree.run(&["-c", "s2t", "--parquet", "--column", "txt", "-i", "s/a.parquet", "-o", "c.parquet"])
        .code(3)
        .stderr_eq("fanjian: s/a.parquet: unknown column 'txt'; expected one of [..]\n");
}

#[test]
fn a_summary_has_the_rows_of_shards() {
    let file = write(&groups());
    let tree = Tree::new(&[("s/a.parquet", &file), ("s/b.parquet", &file), ("s/notes.txt", b"")]);
    let arguments = ["detect", "--parquet", "--column", "text", "--column", "parts[]", "--format", "json"];
    let lines = tree.run(&[&arguments[..], &["s/a.parquet"]].concat()).success();
    let lines: Vec<serde_json::Value> = String::from_utf8(lines.get_output().stdout.clone())
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(lines.iter().map(|line| line["line"].as_u64()).eq((1..=6).map(Some)), "{lines:?}");
    assert_eq!((&lines[0]["script"], &lines[0]["path"]), (&"simplified".into(), &"s/a.parquet".into()));
    let summary = tree.run(&[&arguments[..], &["--summary", "s"]].concat()).success();
    let summary: serde_json::Value = serde_json::from_slice(&summary.get_output().stdout).unwrap();
    assert_eq!((&summary["texts"], &summary["failed"]), (&12.into(), &0.into()));
    let simplified = lines.iter().filter(|line| line["script"] == "simplified").count() as u64;
    assert_eq!(summary["scripts"]["simplified"]["texts"].as_u64(), Some(2 * simplified));
    // Rows that are not UTF-8 are broken.
    tree.run(&["detect", "--parquet", "--column", "raw", "--summary", "s/a.parquet"])
        .code(3)
        .stdout_eq("0 records: 0 characters, 0 Chinese\nnot counted: 6 broken or unreadable\n")
        .stderr_eq("fanjian: s/a.parquet: 6 records are broken, the first at row 1: raw: not UTF-8: [..]\n");
    tree.run(&["detect", "--parquet", "--column", "text"])
        .code(3)
        .stderr_eq("fanjian: -: Parquet cannot be read [..]\n");
    for (number, damaged) in damaged_files(40).into_iter().enumerate() {
        tree.write("damaged.parquet", &damaged);
        let output = tree.run(&[&arguments[..], &["damaged.parquet"]].concat()).get_output().clone();
        assert!([Some(0), Some(3)].contains(&output.status.code()), "{number}: {output:?}");
    }
}

/// Rows used to leave the file, of which the file of broken records had a text and no other column.
#[test]
fn no_row_is_lost_in_place() {
    let file = write(&groups());
    let tree = Tree::new(&[("a.parquet", &file)]);
    let fixed = ["-c", "s2t", "--parquet", "--column", "raw", "--errors", "bad.jsonl"];
    let message = "fanjian: a.parquet: row 1: raw: not UTF-8: invalid byte 0xFF at offset 0; a row of Parquet cannot be \
                   moved to the file of --errors: use --output-dir\n[..]\n";
    tree.run(&[&fixed[..], &["--in-place", "a.parquet"]].concat()).code(3).stderr_eq(message);
    assert_eq!(tree.read("a.parquet"), file);
    assert_eq!(tree.read("bad.jsonl"), b"");
    tree.run(&[&fixed[..], &["-O", "out", "a.parquet"]].concat()).success();
    let bad = String::from_utf8(tree.read("bad.jsonl")).unwrap();
    let first: serde_json::Value = serde_json::from_str(bad.lines().next().unwrap()).unwrap();
    assert_eq!((&first["line"], &first["truncated"]), (&1.into(), &true.into()));
    assert!(first["record_base64"].as_str().unwrap().starts_with("/"), "{first}");
}

/// A panic of the Parquet library used to end the run, or to be shown as one of this program.
#[test]
fn damaged_files_fail_by_name_and_stay() {
    let files = damaged_files(400);
    let names: Vec<_> = (0..files.len()).map(|number| format!("s/{number:03}.parquet")).collect();
    let tree = Tree::new(&names.iter().zip(&files).map(|(name, file)| (name.as_str(), &file[..])).collect::<Vec<_>>());
    for threads in ["1", "3"] {
        let out = format!("out-{threads}");
        let output = tree.run(&["-c", "s2t", "--parquet", "--column", "text", "-j", threads, "-O", &out, "s"]).code(3);
        let reported = String::from_utf8(output.get_output().stderr.clone()).unwrap();
        let is_named = |name: &&String| reported.lines().any(|line| line.starts_with(&format!("fanjian: {name}: ")));
        let failed = names.iter().filter(is_named).count();
        assert!(failed > 100 && reported.contains(&format!(", {failed} failed\n")), "{failed}: {reported}");
        assert!(!reported.contains("panic"), "{reported}");
        // What is not failed is put out, and nothing else is.
        let put_out = tree.files().iter().filter(|path| path.starts_with(&format!("{out}/s/"))).count();
        assert_eq!(put_out, files.len() - failed, "{reported}");
    }
    for (name, file) in names.iter().zip(&files) {
        assert!(tree.read(name) == *file, "{name}");
    }
}
