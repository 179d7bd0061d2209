//! `-h`, `--help`, completions, and what is said to somebody at a terminal.
//!
//! The help is compared with the files of `help/`. After a change of an option, `SNAPSHOTS=overwrite cargo test -p fanjian-cli
//! --test help` writes them anew.

mod tree;

use std::{
    fs,
    path::Path,
    process::{Command as Process, Output},
};

use snapbox::{
    Data,
    cmd::{Command, cargo_bin},
};
use tree::Tree;

/// The subcommands, and the name of the files with their help.
const COMMANDS: [(&[&str], &str); 17] = [
    (&[], "fanjian"),
    (&["explain"], "explain"),
    (&["lookup"], "lookup"),
    (&["review"], "review"),
    (&["detect"], "detect"),
    (&["text"], "text"),
    (&["fill"], "fill"),
    (&["clean"], "clean"),
    (&["configs"], "configs"),
    (&["dict"], "dict"),
    (&["dict", "check"], "dict-check"),
    (&["dict", "compile"], "dict-compile"),
    (&["dict", "convert"], "dict-convert"),
    (&["dict", "diff"], "dict-diff"),
    (&["dict", "export"], "dict-export"),
    (&["dict", "import"], "dict-import"),
    (&["man"], "man"),
];

fn snapshot(name: &str) -> Data {
    Data::read_from(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/help").join(name), None)
}

#[test]
fn the_help_is_as_it_is_written() {
    for (arguments, name) in COMMANDS {
        for (flag, suffix) in [("-h", "short"), ("--help", "long")] {
            let command =
                Command::new(cargo_bin!("fanjian")).args(arguments).arg(flag).env("COLUMNS", "80").env("LC_ALL", "C");
            command.assert().success().stdout_eq(snapshot(&format!("{name}.{suffix}.txt")));
        }
    }
}

/// As by the locale, or by the option, which has precedence.
#[test]
fn the_help_is_in_the_language_of_the_user() {
    for (locale, option, name) in [
        ("zh_TW.UTF-8", None, "zh-TW"),
        ("C", Some("zh-TW"), "zh-TW"),
        ("zh_CN.UTF-8", None, "zh-CN"),
        ("zh_TW.UTF-8", Some("zh-CN"), "zh-CN"),
        ("zh_TW.UTF-8", Some("en"), "fanjian"),
        ("zh_TW.Big5", None, "fanjian"),
    ] {
        for (flag, suffix) in [("-h", "short"), ("--help", "long")] {
            let command = Command::new(cargo_bin!("fanjian")).env("COLUMNS", "80").env("LC_ALL", locale);
            let command = option.into_iter().fold(command, |command, option| command.args(["--lang", option]));
            let help = command.arg(flag).assert().success().stdout_eq(snapshot(&format!("{name}.{suffix}.txt")));
            let lines = help.get_output().stdout.iter().filter(|&&byte| byte == b'\n').count();
            assert!(flag == "--help" || lines <= 40, "{lines} lines");
        }
    }
}

#[test]
fn messages_are_in_the_language_of_the_user() {
    let tree = Tree::new(&[("in.txt", "头发\n".as_bytes()), ("b.txt", "一\n".as_bytes())]);
    for (arguments, status, said) in [
        (&["--to", "tw", "--in-place", "in.txt", "b.txt"][..], 0, "2 個檔案：變動 1，不變 1，略過 0，失敗 0\n"),
        (&["b.txt"], 2, "錯誤：檔案需要目標："),
        (&["--to", "tw", "none.txt"], 3, "fanjian: none.txt: 無法讀取：沒有這個檔案或資料夾\n"),
        (&["--tw"], 2, "錯誤：沒有 '--tw' 這個選項\n\n  提示：「tw」是目標：請用 --to tw\n\n用法： fanjian "),
        (&["--to", "zh-TV"], 2, "是不是要用「zh-TW」？"),
        (&["--to", "tw", "-c", "s2t"], 2, "不能與"),
        (&["dict"], 2, "檢查、編譯、轉換並比較詞典\n\n用法： fanjian dict "),
        (&["explian", "头"], 2, "錯誤：沒有檔案「explian」\n\n  提示：是不是要用子指令「explain」？"),
        (&["--output-dri", "x"], 2, "'--output-dir'"),
        (
            &["detect", "头发"],
            2,
            "錯誤：沒有檔案「头发」\n\n  提示：文字要從標準輸入讀取：echo '头发' | fanjian detect",
        ),
        (&["--backup", "x", "--in-place", "."], 2, "錯誤：'x' 不是 '--backup <SUFFIX>' 的值：以後執行時"),
        (&["explain", "头"], 0, "fanjian: 說明的是 s2t 的轉換；"),
        (&["lookup", "abc"], 1, "fanjian: 沒有詞典收錄 'abc'，"),
        (&["--to", "繁體", "in.txt"], 2, "「繁體」可能是好幾個目標：zh-Hant 是繁體，不分地區；zh-TW 是繁體（臺灣）；"),
        (&["--lang", "zh-CN", "detect", "none.txt"], 3, "没有这个文件或文件夹"),
        (&["--to", "tw", "--dict", "none.txt", "in.txt"], 3, "fanjian: 無法讀取 none.txt：沒有這個檔案或資料夾\n"),
    ] {
        let run =
            Command::new(cargo_bin!("fanjian")).args(arguments).current_dir(tree.path("")).env("LC_ALL", "zh_TW.UTF-8");
        let output = run.assert().code(status).get_output().clone();
        let reported = String::from_utf8(output.stderr).unwrap();
        assert!(reported.contains(said), "{arguments:?}: {reported}");
    }
}

/// The answers of subcommands are in the language of the user as lines for people, and the same in all languages as JSON.
#[test]
fn answers_are_in_the_language_of_the_user() {
    let tree = Tree::new(&[("in.txt", "他的头发干了\n".as_bytes()), ("words.txt", "云\t雲\n云\t雲\n".as_bytes())]);
    let answer = |arguments: &[&str], locale: &str| {
        let run = Command::new(cargo_bin!("fanjian")).args(arguments).current_dir(tree.path("")).env("LC_ALL", locale);
        String::from_utf8(run.output().unwrap().stdout).unwrap()
    };
    for (arguments, in_taiwan, in_mainland) in [
        (&["explain", "--to", "tw", "他的头发干了"][..], "頭髮 是一個詞；其次：發", "頭髮 是一个词；其次：發"),
        (&["detect", "in.txt"], "中文字 6", "汉字 6"),
        (&["detect", "--summary", "in.txt"], "1 個檔案：字元 7，中文字 6", "1 个文件：字符 7，汉字 6"),
        (&["lookup", "--to", "tw", "软件"], "作為原詞：", "作为原词："),
        (&["dict", "check", "words.txt"], "已經有原詞「云」", "已经有原词“云”"),
    ] {
        for (locale, part) in [("zh_TW.UTF-8", in_taiwan), ("zh_CN.UTF-8", in_mainland)] {
            let answer = answer(arguments, locale);
            assert!(answer.contains(part), "{arguments:?}: {answer}");
        }
        let json = |locale| answer(&[arguments, &["--format", "json"]].concat(), locale);
        assert!(json("C").starts_with('{') && json("zh_TW.UTF-8") == json("C"), "{arguments:?}");
    }
}

#[test]
fn the_manual_page_is_in_the_language_of_the_user() {
    let page = |arguments: &[&str]| {
        let run = Command::new(cargo_bin!("fanjian")).args(arguments).env("LC_ALL", "C").assert().success();
        String::from_utf8(run.get_output().stdout.clone()).unwrap()
    };
    let chinese = page(&["man", "--lang", "zh-TW"]);
    for part in [".SH 名稱\n", ".SH 用法\n", ".SH \"結束代碼\"\n", "從標準輸入到標準輸出"] {
        assert!(chinese.contains(part), "{part}");
    }
    assert!(page(&["man", "dict", "check", "--lang", "zh-CN"]).contains("检查文本词典的错误"));
    assert!(page(&["man"]).contains(".SH NAME\n"));
}

/// All subcommands are among them but those whose help names shells, and `help` itself.
#[test]
fn each_subcommand_has_a_snapshot() {
    let help = Command::new(cargo_bin!("fanjian")).args(["help"]).env("LC_ALL", "C").assert().success();
    let help = String::from_utf8(help.get_output().stdout.clone()).unwrap();
    let (_, list) = help.split_once("\nCommands:\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    let names = list.lines().filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    for name in names.filter(|name| !["completions", "help"].contains(name)) {
        assert!(COMMANDS.iter().any(|(arguments, _)| arguments.first() == Some(&name)), "no snapshot of {name}");
    }
}

/// What bash would offer for a command line whose last word is not complete, by the script that the command writes.
fn completions(line: &[&str]) -> Vec<String> {
    let tree = Tree::new(&[]);
    let script = tree.run(&["completions", "bash"]).success().get_output().stdout.clone();
    tree.write("fanjian.bash", &script);
    let words: Vec<_> = line.iter().map(|word| format!("'{word}'")).collect();
    let (last, before) = (words.last().unwrap(), &words[words.len() - 2]);
    let shell = format!(
        "source ./fanjian.bash; COMP_WORDS=({}); COMP_CWORD={}; _fanjian fanjian {last} {before}; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        words.len() - 1,
    );
    let output = Process::new("bash").args(["--norc", "-c", &shell]).current_dir(tree.path("")).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_values() {
    for (line, expected) in [
        (&["fanjian", "--to", ""][..], &["zh-Hans", "zh-CN", "zh-Hant", "zh-TW", "zh-HK"][..]),
        (&["fanjian", "--to", "zh-T"], &["zh-TW"]),
        (&["fanjian", "-c", "s2tw"], &["s2tw", "s2twp"]),
        (&["fanjian", "--config", "jp"], &["jp2t"]),
        (&["fanjian", "--from-encoding", "a"], &["auto"]),
        (&["fanjian", "--to-encoding", "gb"], &["gbk", "gb18030"]),
        (&["fanjian", "--as", "po"], &["po"]),
        (&["fanjian", "--format", "s"], &["sarif"]),
        (&["fanjian", "--vocabulary", ""], &["keep", "local"]),
        (&["fanjian", "--keep-words", "p"], &["persons", "places"]),
        (&["fanjian", "explain", "--to", "zh-H"], &["zh-Hans", "zh-Hant", "zh-HK"]),
        (&["fanjian", "clean", "--to", "zh-C"], &["zh-CN"]),
        (&["fanjian", "fill", "-c", "t2"], &["t2s", "t2tw", "t2hk", "t2jp"]),
        (&["fanjian", "detect", "--from-encoding", "big5"], &["big5", "big5-hkscs"]),
        (&["fanjian", "expl"], &["explain"]),
    ] {
        assert_eq!(completions(line), expected, "{line:?}");
    }
}

/// The scripts of the other shells have the values, too.
#[test]
fn other_shells_know_the_values() {
    for shell in ["zsh", "fish", "powershell", "elvish"] {
        let script = Command::new(cargo_bin!("fanjian")).args(["completions", shell]).assert().success();
        let script = String::from_utf8(script.get_output().stdout.clone()).unwrap();
        assert!(script.contains("fanjian"), "{shell}");
        // The static scripts of PowerShell and Elvish complete options, not their values.
        if ["zsh", "fish"].contains(&shell) {
            for value in ["zh-TW", "s2twp", "big5-hkscs", "persons", "sarif", "xcstrings"] {
                assert!(script.contains(value), "{shell} lacks {value}");
            }
        }
        // A configuration can be a file.
        let configs: Vec<_> = script.lines().filter(|line| shell == "fish" && line.contains(" -l config ")).collect();
        assert!(configs.iter().all(|line| line.contains(" -r -F -a ")), "{configs:?}");
        assert!(shell != "fish" || !configs.is_empty());
    }
}

/// Runs a line at a terminal, of which the command reads its end at once.
#[cfg(target_os = "linux")]
fn at_terminal(arguments: &str) -> Output {
    let line = format!("{} {arguments} 2>&1", cargo_bin!("fanjian").display());
    let mut script = Process::new("script");
    script.args(["-qec", &line, "/dev/null"]).env("LC_ALL", "C").stdin(fs::File::open("/dev/null").unwrap());
    script.output().unwrap_or_else(|error| panic!("script of util-linux is needed: {error}"))
}

#[cfg(target_os = "linux")]
#[test]
fn a_command_that_waits_for_a_terminal_says_so() {
    for arguments in ["", "--to zh-TW", "explain", "detect", "text --as html"] {
        let output = at_terminal(arguments);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let hint = "fanjian: reading text from the terminal; Ctrl-D ends it; fanjian -h for help";
        assert_eq!(said.matches(hint).count(), 1, "{arguments}: {said}");
    }
}

/// It used to be OpenCC's own standard form, which looks wrong to readers of every region.
#[test]
fn files_need_a_target() {
    let tree = Tree::new(&[("in.txt", "头发里面\n".as_bytes()), ("in.jsonl", "{\"a\":\"头\"}\n".as_bytes())]);
    for arguments in
        [&["in.txt"][..], &["--in-place", "."], &["-O", "out", "in.txt"], &["--check", "."], &["--diff", "."]]
    {
        tree.run(arguments).code(2).stdout_eq("").stderr_eq(
            "error: files need a target: neither --to nor --config is given, nor is there one in a fanjian.toml\n\n  \
             tip: fanjian --to zh-TW file.txt, or zh-HK or zh-CN in its place\n\nFor more information, try '--help'.\n",
        );
    }
    assert_eq!(tree.files(), ["in.jsonl", "in.txt"]);
    // As OpenCC's command has it.
    tree.run(&["-i", "in.txt"]).success().stdout_eq("頭髮裏面\n");
    tree.run(&["--check", "-i", "in.txt"]).code(1);
    tree.write("fanjian.toml", b"to = \"tw\"");
    tree.run(&["in.txt"]).success().stdout_eq("頭髮裡面\n");
    tree.run(&["--show-config", "in.txt"])
        .success()
        .stdout_eq("# for in.txt, from [..]/fanjian.toml and the command line\nto = \"zh-TW\"\nmarks = true\n");
}
