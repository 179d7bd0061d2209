//! Reports of the command: each form of `--check` and `--diff`, as snapshots in `tests/reports`, and as programs need them.
//!
//! `SNAPSHOTS=overwrite cargo test -p fanjian-cli --test reports` writes the snapshots anew.

use std::collections::HashSet;

use serde_json::Value;
use snapbox::{Data, assert::DEFAULT_ACTION_ENV, cmd::OutputAssert, data::DataFormat};

use crate::tree::Tree;

mod tree;

const TO_TAIWAN: [&str; 7] = ["--isolated", "--to", "zh-TW", "--vocabulary", "local", "--punctuation", "local"];
const FILES: [(&str, &[u8]); 4] = [
    ("text.txt", include_bytes!("reports/book/text.txt")),
    ("page.html", include_bytes!("reports/book/page.html")),
    ("zh-TW/app.json", include_bytes!("reports/book/locales/zh-TW/app.json")),
    ("zh-CN/app.json", include_bytes!("reports/book/locales/zh-CN/app.json")),
];

fn run(arguments: &[&str]) -> OutputAssert {
    Tree::new(&FILES).run(&[&TO_TAIWAN[..], arguments, &["page.html", "text.txt", "zh-TW"]].concat())
}

#[track_caller]
fn snapshot(run: OutputAssert, name: &str) -> String {
    let output = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    let path = format!("{}/tests/reports/{name}", env!("CARGO_MANIFEST_DIR"));
    let expected = Data::read_from(path.as_ref(), Some(DataFormat::Text)).raw();
    snapbox::Assert::new().action_env(DEFAULT_ACTION_ENV).eq(Data::text(output.clone()).raw(), expected);
    output
}

#[track_caller]
fn json(run: OutputAssert, name: &str) -> Value {
    serde_json::from_str(&snapshot(run, name)).unwrap()
}

#[test]
fn each_place_has_a_line() {
    snapshot(run(&["--check"]).code(1), "check.txt");
}

#[test]
fn on_a_terminal_each_place_is_underlined() {
    snapshot(run(&["--check", "--color", "always"]).code(1), "check.ansi");
}

#[test]
fn places_as_json() {
    let output = snapshot(run(&["--check", "--format", "json"]).code(1), "check.jsonl");
    let first: Value = serde_json::from_str(output.lines().next().unwrap()).unwrap();
    assert_eq!((&first["target"], &first["changes"][0]["kind"]), (&"zh-TW".into(), &"language-tag".into()));
}

/// What SARIF 2.1.0 requires of a log, and what its regions may have.
#[test]
fn places_as_sarif() {
    let log = json(run(&["--check", "--format", "sarif"]).code(1), "check.sarif");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: HashSet<_> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert!(rules.iter().all(|rule| rule["shortDescription"]["text"].is_string()));
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        assert!(ids.contains(result["ruleId"].as_str().unwrap()));
        assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
        assert!(result["message"]["text"].is_string());
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let number = |key: &str| region[key].as_u64().unwrap();
        assert!(number("startLine") >= 1 && number("startColumn") >= 1 && number("endColumn") > number("startColumn"));
        assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"], *region);
    }
}

/// What GitLab requires of an issue.
#[test]
fn places_as_code_quality() {
    let issues = json(run(&["--check", "--format", "gitlab"]).code(1), "check.gitlab.json");
    let issues = issues.as_array().unwrap();
    let mut fingerprints = HashSet::new();
    for issue in issues {
        for key in ["description", "check_name", "fingerprint"] {
            assert!(issue[key].as_str().is_some_and(|text| !text.is_empty()), "{issue}");
        }
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap()));
        let location = &issue["location"];
        assert!(location["path"].as_str().is_some_and(|path| !path.starts_with("./")));
        assert!(location["lines"]["begin"].as_u64().is_some_and(|line| line >= 1));
        assert!(fingerprints.insert(&issue["fingerprint"]), "{issue}");
    }
    assert!(!issues.is_empty());
}

/// A line more above, and the fingerprints are the same: GitLab compares those of two versions.
#[test]
fn fingerprints_do_not_depend_on_line_numbers() {
    let fingerprints = |text: &str| {
        let tree = Tree::new(&[("a.txt", text.as_bytes())]);
        let run = tree.run(&["--isolated", "--to", "zh-TW", "--check", "--format", "gitlab", "./a.txt"]);
        let issues: Vec<Value> = serde_json::from_slice(&run.code(1).get_output().stdout).unwrap();
        issues.into_iter().map(|issue| issue["fingerprint"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(fingerprints("头发\n头发\n"), fingerprints("一\n\n头发\n头发\n"));
}

#[test]
fn places_as_annotations() {
    let output = snapshot(run(&["--check", "--format", "github"]).code(1), "check.github");
    for line in output.lines() {
        let (command, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        assert!(command.starts_with("error file=") || command.starts_with("warning file="), "{line}");
        assert!(!message.is_empty());
    }
}

#[test]
fn a_diff_marks_changes_within_lines() {
    snapshot(run(&["--diff", "--color", "always"]).success(), "diff.ansi");
    let plain = snapshot(run(&["--diff"]).success(), "diff.patch");
    assert!(!plain.contains('\u{1b}'));
    let words = snapshot(run(&["--diff", "--word-diff"]).success(), "diff.words");
    assert!(words.contains("[-头发-]{+頭髮+}") || words.contains("[-头发干-]{+頭髮乾+}"), "{words}");
}

#[test]
fn a_diff_as_a_page_needs_nothing_else() {
    let page = snapshot(run(&["--diff", "--format", "html"]).success(), "diff.html");
    assert!(page.contains("<del>") && page.contains("<ins>") && page.contains("prefers-color-scheme: dark"));
    for outside in ["http://", "https://", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
}

/// An archive has parts and texts, and no lines.
#[test]
fn places_of_archives_have_the_part_and_the_text() {
    let tree = Tree::new(&[]);
    tree.write("a.zip", &zip("in/a.html", "<p>他的<b>头</b>发</p><p>一</p>"));
    let check = |arguments: &[&str]| {
        let run = tree.run(&[&["--isolated", "--to", "zh-TW", "--check"], arguments, &["a.zip"]].concat()).code(1);
        String::from_utf8(run.get_output().stdout.clone()).unwrap()
    };
    assert_eq!(check(&[]), "a.zip: in/a.html: 头发 → 頭髮 [script]: 他的头发\n");
    assert!(check(&["--color", "always"]).contains("他的\u{1b}[31m头发"));
    let record: Value = serde_json::from_str(check(&["--format", "json"]).lines().next().unwrap()).unwrap();
    let change = serde_json::json!({
        "part": "in/a.html", "text": "他的头发", "column": 3, "source": "头发", "output": "頭髮", "kind": "script",
    });
    assert_eq!(record["changes"], serde_json::json!([change]));
    assert_eq!(
        check(&["--format", "github"]),
        "::error file=a.zip,title=fanjian/script::in/a.html: '头发' should be '頭髮' in: 他的头发\n"
    );
    let log: Value = serde_json::from_str(&check(&["--format", "sarif"])).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert!(result["locations"][0]["physicalLocation"]["region"].is_null() && result["fixes"].is_null());
    let issues: Value = serde_json::from_str(&check(&["--format", "gitlab"])).unwrap();
    assert_eq!(issues[0]["location"]["lines"]["begin"], 1);
}

/// An archive of one stored file.
fn zip(name: &str, text: &str) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(text.as_bytes());
    let sizes = [crc.sum(), text.len() as u32, text.len() as u32];
    let sizes: Vec<u8> = sizes.iter().flat_map(|number| number.to_le_bytes()).collect();
    let len = (name.len() as u16).to_le_bytes();
    let mut zip =
        [b"PK\x03\x04\x14\0\0\0\0\0\0\0\x21\0", &sizes[..], &len, b"\0\0", name.as_bytes(), text.as_bytes()].concat();
    let start = zip.len() as u32;
    zip.extend([b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\x21\0", &sizes[..], &len, &[0; 16], name.as_bytes()].concat());
    let size = (zip.len() as u32 - start).to_le_bytes();
    zip.extend([b"PK\x05\x06\0\0\0\0\x01\0\x01\0", &size[..], &start.to_le_bytes(), b"\0\0"].concat());
    zip
}

#[test]
fn what_is_quiet_or_of_records_has_no_places() {
    run(&["--check", "-q"]).code(1).stdout_eq("").stderr_eq("");
    let tree = Tree::new(&[("a.jsonl", "{\"t\": \"头发\"}\n".as_bytes())]);
    tree.run(&["-c", "s2t", "--jsonl", "--field", "t", "--check", "a.jsonl"])
        .code(1)
        .stdout_eq("a.jsonl: would change\n");
    for format in ["github", "gitlab", "sarif", "html"] {
        tree.run(&["--jsonl", "--field", "t", "--check", "--format", format, "a.jsonl"]).code(2);
    }
}

#[test]
fn forms_need_a_preview() {
    let tree = Tree::new(&FILES);
    for arguments in [
        &["--format", "github", "--in-place"][..],
        &["--format", "gitlab", "--in-place"],
        &["--format", "html", "--check"],
        &["--format", "html"],
        &["--word-diff", "--check"],
        &["--word-diff", "--diff", "--format", "json"],
        &["clean", "--gloss", "repair", "--check", "--format", "github"],
    ] {
        tree.run(&[arguments, &["text.txt"]].concat()).code(2);
    }
    assert_eq!(tree.read("text.txt"), FILES[0].1);
}

const PROJECT: &str = r#"
exclude = ["**/vendor/**"]
vocabulary = "local"

[[override]]
paths = ["locales/zh-TW/**"]
to = "zh-TW"

[[override]]
paths = ["locales/zh-CN/**"]
to = "zh-CN"
"#;

fn project() -> Tree {
    Tree::new(&[
        ("fanjian.toml", PROJECT.as_bytes()),
        ("locales/zh-TW/app.json", FILES[2].1),
        ("locales/zh-CN/app.json", FILES[3].1),
        ("vendor/lib.txt", include_bytes!("reports/book/vendor/lib.txt")),
        ("README.md", "头发\n".as_bytes()),
    ])
}

#[test]
fn each_folder_has_its_target() {
    let tree = project();
    let run = tree.run(&["--check", "."]).code(1);
    snapshot(run.stderr_eq("3 files: 2 would change, 0 unchanged, 1 skipped, 0 failed\n"), "project.txt");
    let notes = "README.md: skipped: no override of fanjian.toml is for it (name one at the top of fanjian.toml, or with --to)\n\
                 locales/zh-CN/app.json: would change, to zh-Hans\nlocales/zh-TW/app.json: would change, to zh-TW\n\
                 3 files: 2 would change, 0 unchanged, 1 skipped, 0 failed\n";
    tree.run(&["--check", "-v", "."]).code(1).stderr_eq(notes);
    let run = tree.run(&["--check", "--format", "json", "."]).code(1);
    let output = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    let targets: Vec<Value> =
        output.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["target"].clone()).collect();
    assert_eq!(targets[..3], [Value::Null, "zh-Hans".into(), "zh-TW".into()]);
    tree.run(&["--in-place", "-v", "."]).success();
    tree.run(&["--check", "."]).success();
    tree.has("vendor/lib.txt", "头发\n");
    tree.has("README.md", "头发\n");
}

#[test]
fn what_is_excluded_is_taken_if_it_is_named_unless_that_is_forced() {
    let tree = project();
    tree.run(&["--check", "--to", "zh-TW", "vendor/lib.txt"])
        .code(1)
        .stdout_eq("vendor/lib.txt:1:1: 头发 → 頭髮 [script]\n");
    tree.run(&["--check", "--to", "zh-TW", "--force-exclude", "vendor/lib.txt"]).code(3);
    tree.run(&["--check", "--force-exclude", "--allow-empty", "vendor/lib.txt"]).success();
    tree.run(&["--check", "README.md"]).code(3);
    tree.run(&["--show-config", "locales/zh-CN/app.json"])
        .success()
        .stdout_eq("# for locales/zh-CN/app.json, from [..]fanjian.toml and the command line\nto = \"zh-Hans\"\n...");
}

#[test]
fn a_wrong_override_is_wrong_usage() {
    let tree = project();
    for (text, message) in [
        ("[[override]]\npaths = [\"a{\"]\nto = \"zh-TW\"\n", "fanjian.toml: line 2: paths: 'a{'"),
        ("[[override]]\npaths = [\"a\"]\nto = \"zh-TV\"\n", "line 3"),
        ("exclude = [\"{\"]\n", "line 1: exclude: '{'"),
    ] {
        tree.write("fanjian.toml", text.as_bytes());
        let run = tree.run(&["--check", "."]).code(2);
        let stderr = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(stderr.contains(message), "{stderr}");
    }
}

/// On a terminal, by `script`: what is shown goes through the pager, and the last line follows it.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_has_a_pager() {
    let tree = Tree::new(&FILES);
    let on_terminal = |arguments: &str, pager: &str| {
        let program = snapbox::cmd::cargo_bin!("fanjian");
        let command = format!("'{}' --isolated --to zh-TW {arguments} text.txt", program.display());
        let run = snapbox::cmd::Command::new("script")
            .args(["-qec", &command, "/dev/null"])
            .current_dir(tree.path(""))
            .env("FANJIAN_PAGER", pager)
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .assert();
        String::from_utf8_lossy(&run.get_output().stdout).into_owned()
    };
    let pager = "sed 's/^/paged: /'";
    for arguments in ["--diff", "--check"] {
        let paged = on_terminal(arguments, pager);
        assert!(paged.contains("paged: ") && paged.contains("\u{1b}["), "{paged}");
        let last = paged.trim_end().lines().last().unwrap();
        assert_eq!(last, "1 file: 1 would change, 0 unchanged, 0 skipped, 0 failed");
        assert!(!on_terminal(&format!("{arguments} --no-pager"), pager).contains("paged"));
        assert!(!on_terminal(arguments, "").contains("paged"));
        // A pager that is left before the end is no error.
        let left = on_terminal(arguments, "true");
        assert!(!left.contains("cannot write"), "{left}");
        let unpaged = on_terminal(arguments, "no-such-pager -x");
        assert!(unpaged.contains("the pager 'no-such-pager -x' was not found"), "{unpaged}");
        assert!(unpaged.contains("\u{1b}["), "{unpaged}");
    }
    assert!(!on_terminal("--check --format json", pager).contains("paged"));
    assert!(on_terminal("--check", "").contains("^^"));
}
