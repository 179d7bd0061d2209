//! `fanjian detect` on records, and its summaries, as the real binary. What is expected is in files.

mod tree;

use std::{io::Write, path::PathBuf};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use snapbox::{
    cmd::{Command, OutputAssert, cargo_bin},
    file,
};
use tree::Tree;

/// The data, in a folder to run in.
fn detect(arguments: &[&str]) -> OutputAssert {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/detect/data");
    let command = Command::new(cargo_bin!("fanjian")).arg("detect").args(arguments);
    command.current_dir(data).env("NO_COLOR", "1").env("LANG", "en_US.UTF-8").stdin("").assert()
}

fn stdout(assert: &OutputAssert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

#[test]
fn a_summary_of_files_has_shares_and_what_is_suspicious() {
    detect(&["--summary", "locales"]).success().stderr_eq("").stdout_eq(file!["detect/files.txt"]);
    let json = detect(&["--summary", "--format", "json", "locales"]).success();
    let summary: Value = serde_json::from_str(&stdout(&json)).unwrap();
    assert_eq!((&summary["unit"], &summary["texts"], &summary["binary"]), (&"file".into(), &6.into(), &1.into()));
    let worst = summary["worst"].as_array().unwrap();
    let paths: Vec<_> = worst.iter().map(|record| record["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["locales/zh-TW/new.json", "locales/zh-TW/converted.md", "locales/zh-HK/app.json"]);
    assert_eq!((&worst[0]["named"], &worst[0]["reasons"][0]), (&"zh-TW".into(), &"other_than_named".into()));
}

#[test]
fn a_summary_of_records_has_their_lines() {
    let arguments = ["--jsonl", "--field", "title", "--field", "text", "--summary", "--top", "2"];
    let with = |more: &[&str]| detect(&[&arguments[..], more, &["shards"]].concat());
    let broken = "fanjian: shards/b.jsonl: a record is broken: line 2: [..]\n";
    with(&[]).code(3).stderr_eq(broken).stdout_eq(file!["detect/records.txt"]);
    with(&["--format", "json"]).code(3).stdout_eq(file!["detect/records.json"]);
    with(&["--format", "html"]).code(3).stdout_eq(file!["detect/records.html"]);
    // The number of threads makes no difference.
    let one = stdout(&with(&["-j", "1", "--format", "json"]));
    assert_eq!(one, stdout(&with(&["-j", "5", "--format", "json"])));
}

#[test]
fn each_record_is_a_line() {
    detect(&["--jsonl", "--field", "title", "--field", "text", "shards/a.jsonl"])
        .success()
        .stdout_eq(file!["detect/lines.txt"]);
    let json = detect(&["--jsonl", "--field", "text", "--format", "json", "shards/a.jsonl"]).success();
    let json = stdout(&json);
    let second: Value = serde_json::from_str(json.lines().nth(1).unwrap()).unwrap();
    let shown = (&second["path"], &second["line"], &second["script"], &second["beginning"]);
    assert_eq!(shown, (&"shards/a.jsonl".into(), &3.into(), &"taiwan".into(), &"我們心裡的頭髮".into()));
}

#[test]
fn tables_and_compressed_shards_are_read() {
    let scripts = |arguments: &[&str]| {
        let assert = detect(&[arguments, &["--summary", "--format", "json"]].concat()).success();
        let summary: Value = serde_json::from_str(&stdout(&assert)).unwrap();
        let count = |script: &str| summary["scripts"][script]["texts"].as_u64().unwrap();
        (count("simplified"), count("traditional") + count("taiwan"), summary["texts"].as_u64().unwrap())
    };
    assert_eq!(scripts(&["--csv", "--column", "body", "tables"]), (1, 1, 2));
    assert_eq!(scripts(&["--csv", "--column", "body", "--column", "note", "tables"]), (1, 0, 2));
    assert_eq!(scripts(&["--tsv", "--column", "2", "--no-header", "tables"]), (1, 1, 3));
    assert_eq!(scripts(&["--jsonl", "--field", "page:as=html", "pages.jsonl"]), (1, 0, 1));
    let tree = Tree::new(&[("s/other.txt", b"x")]);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all("{\"t\":\"头发\"}\n".repeat(3).as_bytes()).unwrap();
    tree.write("s/a.jsonl.gz", &gzip.finish().unwrap());
    let summary = tree.run(&["detect", "--summary", "--format", "json", "--jsonl", "--field", "t", "s"]).success();
    assert_eq!(serde_json::from_str::<Value>(&stdout(&summary)).unwrap()["texts"], 3);
}

/// Chunks of several threads are in the order of the input, and what is listed does not grow with it.
#[test]
fn a_long_input_is_in_order() {
    // Some ten chunks, so that threads may end in another order than they began in.
    let rest = "x".repeat(200);
    let records = format!("{{\"rest\":\"{rest}\",\"t\":\"我们的头发，在皇后的后面。\"}}\n").repeat(40_000);
    let command = || Command::new(cargo_bin!("fanjian")).args(["detect", "--jsonl", "--field", "t"]);
    let lines = stdout(&command().args(["--format", "json"]).stdin(records.clone()).assert().success());
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["line"].as_u64());
    assert!(lines.eq((1..=40_000).map(Some)));
    let converted = records.replace("我们的头发", "黨員干部");
    let summary = command().args(["--summary", "--format", "json", "--top", "3"]).stdin(converted).assert().success();
    let summary: Value = serde_json::from_str(&stdout(&summary)).unwrap();
    let worst: Vec<_> = summary["worst"].as_array().unwrap().iter().map(|record| record["line"].as_u64()).collect();
    assert_eq!((&summary["suspicious"]["texts"], worst), (&40_000.into(), vec![Some(1), Some(2), Some(3)]));
}

#[test]
fn what_cannot_be_is_an_error() {
    detect(&["--format", "html", "locales"])
        .code(2)
        .stderr_eq("error: --format html needs --summary: a page has no line for each text\n...");
    detect(&["--summary", "--lines", "locales"]).code(2);
    detect(&["--top", "3", "locales"]).code(2);
    detect(&["--jsonl", "shards"]).code(2);
    detect(&["--jsonl", "--field", "txt", "--summary", "pages.jsonl"])
        .code(3)
        .stderr_eq("fanjian: pages.jsonl: [..]'txt'[..]\n");
    detect(&["--csv", "--column", "none", "tables"])
        .code(3)
        .stderr_eq("fanjian: tables/a.csv: unknown column 'none'; expected one of id, body, note\n");
    detect(&["--summary", "none"]).code(3).stdout_eq("").stderr_eq("fanjian: none: cannot read it: [..]\n...");
    let tree = Tree::new(&[("empty/.keep", b"")]);
    tree.run(&["detect", "--summary", "empty"]).code(3).stdout_eq("");
    tree.run(&["detect", "--summary", "--allow-empty", "empty"])
        .success()
        .stdout_eq("0 files: 0 characters, 0 Chinese\n");
}
