use std::{
    env, fs,
    process::{Command, Stdio},
};

use crate::Source;

/// The variable with the path of the command.
pub(crate) const COMMAND: &str = "FANJIAN_COMMAND";

const NAMES: [&str; 17] = [
    "config",
    "to",
    "from",
    "vocabulary",
    "tofu-risk",
    "dict",
    "protect",
    "protect-regex",
    "marks",
    "extension",
    "from-encoding",
    "to-encoding",
    "replacement",
    "invalid-utf8",
    "colour",
    "\"to\"",
    "to.a",
];
const VALUES: [&str; 20] = [
    "\"s2t\"",
    "\"zh-TW\"",
    "\"zh-tv\"",
    "\"zh-CN\"",
    "\"keep\"",
    "\"local\"",
    "true",
    "false",
    "1",
    "[]",
    "[\"a\"]",
    "[\"(\"]",
    "[\"[a-z]+\"]",
    "\"gbk\"",
    "\"utf-8\"",
    "\"auto\"",
    "\"?\"",
    "\"strict\"",
    "{ a = 1 }",
    "1979-05-27",
];

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let text = if source.one_in(2) {
        let mut text = String::new();
        for _ in 0..source.below(8) {
            let value = if source.one_in(4) {
                format!("'''{}'''", source.text(2))
            } else {
                (*source.choose(&VALUES)).to_owned()
            };
            text += &format!("{} = {value}\n", source.choose(&NAMES));
        }
        text.into_bytes()
    } else {
        source.rest().to_vec()
    };
    let command = env::var_os(COMMAND).expect("FANJIAN_COMMAND is the path of the command: `cargo xtask fuzz` sets it");
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("fanjian.toml"), &text).expect("a temporary file");
    let output = Command::new(command).arg("--show-config").current_dir(folder.path()).stdin(Stdio::null()).output();
    let output = output.expect("the command runs");
    let message = String::from_utf8_lossy(&output.stderr);
    // 0: settings. 2: wrong ones. 3: a file that they name, or the configuration, cannot be read.
    assert!(
        matches!(output.status.code(), Some(0 | 2 | 3)) && !message.contains("panicked"),
        "{}: {message}",
        output.status
    );
    assert_eq!(
        output.status.success(),
        message.is_empty(),
        "a status of {}, and the message {message:?}",
        output.status
    );
}
