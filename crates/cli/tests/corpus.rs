//! The walk-through of `docs/corpus.md`, with its commands and what they answer.

mod tree;

#[path = "../../../examples/raw_shard.rs"]
#[allow(dead_code)]
mod raw_shard;

use std::{fs, path::Path, process::Command};

use snapbox::cmd::cargo_bin;
use tree::Tree;

#[test]
fn every_command_of_the_page_answers_as_it_says() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join("docs/corpus.md")).unwrap();
    let tree = Tree::new(&[("shard", raw_shard::shard().as_bytes())]);
    let bin = cargo_bin!("fanjian").parent().unwrap().to_owned();
    let path = std::env::join_paths([bin].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())));
    let root = fs::canonicalize(tree.path("")).unwrap();
    let mut commands = 0;
    for block in page.split("```console\n").skip(1) {
        let (block, _) = block.split_once("```").unwrap();
        for part in format!("\n{block}").split("\n$ ").skip(1) {
            let (command, answer) = part.split_once('\n').unwrap_or((part, ""));
            // What cargo would run is here already.
            let command = command.replace("cargo run --quiet --example raw_shard", "cat shard");
            let output = Command::new("sh")
                .args(["-c", &format!("{command} 2>&1")])
                .current_dir(tree.path(""))
                .env("PATH", path.as_ref().unwrap())
                .env("LC_ALL", "C")
                .output()
                .unwrap();
            let printed = String::from_utf8(output.stdout).unwrap().replace(root.to_str().unwrap(), "/home/me/corpus");
            assert_eq!(printed.trim_end(), answer.trim_end(), "{command}");
            assert!(output.status.success(), "{command}");
            commands += 1;
        }
    }
    assert_eq!(commands, 14);
}
