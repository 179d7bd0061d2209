//! Doubtful places, and decisions about them, as the real binary.

use std::{
    collections::BTreeSet,
    io::{Cursor, Write},
};

use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::tree::Tree;

mod tree;

const TEXT: &str = "老板姓于，名于斯。他划表计划，又在台阶上捣谷。\n她在台阶上捣谷。\n";

/// The lines of standard output, each as JSON.
fn records(tree: &Tree, arguments: &[&str]) -> Vec<Value> {
    let assert = tree.run(arguments).success();
    let output = assert.get_output().stdout.clone();
    String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn stderr(assert: &snapbox::cmd::OutputAssert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

/// The decision for another candidate at a place of a context, as the page saves it.
fn decision(context: &Value, place: usize, output: &str) -> Value {
    let place = &context["places"][place];
    let mut decision = json!({ "scope": "here", "source": context["source"], "output": output });
    for name in ["path", "part", "line", "before", "after", "occurrence"] {
        if !place[name].is_null() {
            decision[name] = place[name].clone();
        }
    }
    decision
}

fn file(decisions: &[Value]) -> String {
    json!({ "fanjian_decisions": 1, "options": { "to": "zh-TW" }, "decisions": decisions }).to_string()
}

/// The converted files on standard output.
fn converted(tree: &Tree, arguments: &[&str]) -> String {
    let assert = tree.run(arguments).success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn context<'c>(contexts: &'c [Value], source: &str, before: &str) -> &'c Value {
    let is_it = |context: &&Value| {
        context["source"] == source && context["places"][0]["before"].as_str().unwrap().ends_with(before)
    };
    contexts.iter().find(is_it).unwrap_or_else(|| panic!("no {source} behind {before}"))
}

#[test]
fn the_most_doubtful_places_come_first_and_a_context_once() {
    let tree = Tree::new(&[("book/a.txt", TEXT.as_bytes()), ("book/b.txt", TEXT.as_bytes()), ("book/c.bin", b"a\0b")]);
    let contexts = records(&tree, &["review", "--to", "zh-TW", "--confidence", "1", "book"]);
    let confidences: Vec<f64> = contexts.iter().map(|context| context["probability"].as_f64().unwrap()).collect();
    assert!(confidences.is_sorted() && confidences[0] < 0.98, "{confidences:?}");
    let step = context(&contexts, "台", "她在");
    assert_eq!(step["count"], 2, "{step}");
    let places = step["places"].as_array().unwrap();
    assert_eq!((&places[0]["path"], &places[1]["path"]), (&json!("book/a.txt"), &json!("book/b.txt")));
    assert_eq!(
        (&places[1]["line"], &places[1]["column"], &places[1]["before"]),
        (&json!(2), &json!(3), &json!("她在"))
    );
    let candidates: Vec<_> =
        step["candidates"].as_array().unwrap().iter().map(|candidate| &candidate["text"]).collect();
    assert!(candidates.contains(&&json!("臺")) && candidates.contains(&&json!("台")), "{candidates:?}");
    assert!(contexts.iter().any(|context| context["candidates"].to_string().contains(r#""kind":"phrase""#)));
    let few = records(&tree, &["review", "--to", "zh-TW", "--confidence", "1", "--limit", "3", "book"]);
    assert_eq!(few[..], contexts[..3]);
    let doubtful = records(&tree, &["review", "--to", "zh-TW", "book"]);
    assert!(
        doubtful.len() < contexts.len() && doubtful.iter().all(|context| context["probability"].as_f64() < Some(0.98))
    );
}

#[test]
fn the_extension_of_the_output_is_the_format() {
    let tree = Tree::new(&[("a.txt", "划表\t<b>\n</script><!-- 划表\n".as_bytes())]);
    tree.run(&["review", "--to", "zh-TW", "--confidence", "1", "a.txt", "-o", "r.tsv"]).success();
    let table = String::from_utf8(tree.read("r.tsv")).unwrap();
    let mut lines = table.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("probability\tcount\tpath\tpart\tline\tcolumn\tbefore\tsource\tafter\toutput")
    );
    assert!(lines.all(|line| line.split('\t').count() == 11), "{table}");
    tree.run(&["review", "--to", "zh-TW", "--confidence", "1", "a.txt", "-o", "r.html"])
        .success()
        .stderr_eq("[..] doubtful places in [..] contexts\n");
    let page = String::from_utf8(tree.read("r.html")).unwrap();
    assert_eq!(page.matches("</script>").count(), 3, "the texts do not end a script");
    assert!(!page.contains("<!-- 划") && page.contains("\\u003c!-- "));
    tree.run(&["review", "--to", "zh-TW", "a.txt", "-o", "r.doc"])
        .code(2)
        .stderr_eq("...\nerror: r.doc: its extension is no[..]\n...");
    tree.run(&["review", "-c", "s2tw", "a.txt"]).code(2).stderr_eq("error: review needs a target[..]\n...");
}

#[test]
fn what_is_chosen_is_what_the_command_makes() {
    let tree = Tree::new(&[("book/a.txt", TEXT.as_bytes()), ("book/b.txt", TEXT.as_bytes())]);
    let contexts = records(&tree, &["review", "--to", "zh-TW", "--confidence", "1", "book"]);
    let plan = context(&contexts, "划", "他");
    let step = context(&contexts, "台", "她在");
    let step_of_b = step["places"].as_array().unwrap().iter().position(|place| place["path"] == "book/b.txt").unwrap();
    let decisions = file(&[decision(plan, 0, "划"), decision(step, 0, "臺"), decision(step, step_of_b, "檯")]);
    tree.write("d.json", decisions.as_bytes());
    let plain = converted(&tree, &["--to", "zh-TW", "book/a.txt"]);
    let lines: Vec<&str> = plain.lines().collect();
    let (first, second) = (lines[0].replacen(plan["output"].as_str().unwrap(), "划", 1), lines[1].replace('台', "臺"));
    let expected = format!("{first}\n{second}\n");
    assert_ne!(expected, plain);
    // The same in every way to convert.
    let options = ["--decisions", "d.json"];
    assert_eq!(converted(&tree, &[&options[..], &["book/a.txt"]].concat()), expected);
    assert_eq!(converted(&tree, &[&options[..], &["--to", "zh-TW", "-i", "book/a.txt"]].concat()), expected);
    assert_eq!(converted(&tree, &[&options[..], &["-j", "3", "-i", "./book/a.txt"]].concat()), expected);
    let diff = converted(&tree, &[&options[..], &["--diff", "book/a.txt"]].concat());
    assert!(expected.lines().all(|line| diff.contains(&format!("+{line}\n"))), "{diff}");
    tree.run(&[&options[..], &["--check", "book"]].concat()).code(1);
    tree.run(&[&options[..], &["-O", "out", "book"]].concat()).success();
    tree.has("out/book/a.txt", &expected);
    let b = String::from_utf8(tree.read("out/book/b.txt")).unwrap();
    assert!(b.lines().nth(1).unwrap().contains("檯") && b.lines().next() == plain.lines().next(), "{b}");
    tree.run(&["review", "--to", "zh-TW", "--confidence", "1", "book", "-o", "book/review.html"]).success();
    let page = tree.read("book/review.html");
    tree.write("book/d.json", decisions.as_bytes());
    tree.run(&["--decisions", "book/d.json", "--in-place", "book"]).success();
    tree.has("book/a.txt", &expected);
    // What belongs to the review is none of the texts.
    assert!(tree.read("book/d.json") == decisions.as_bytes() && tree.read("book/review.html") == page);
}

#[test]
fn decisions_are_about_contexts_and_words_too() {
    let tree = Tree::new(&[("a.txt", "她在台阶上。\n我在台阶上捣谷。\n".as_bytes()), ("b.txt", "台阶上\n".as_bytes())]);
    let context = json!({ "scope": "context", "source": "台", "before": "她在", "after": "阶上", "output": "臺" });
    tree.write("context.json", file(&[context]).as_bytes());
    assert_eq!(converted(&tree, &["--decisions", "context.json", "a.txt"]), "她在臺階上。\n我在台階上搗谷。\n");
    let word = json!({ "scope": "word", "source": "台", "after": "阶", "output": "臺" });
    tree.write("word.json", file(&[word]).as_bytes());
    assert_eq!(
        converted(&tree, &["--decisions", "word.json", "a.txt", "b.txt"]),
        "她在臺階上。\n我在臺階上搗谷。\n臺階上\n"
    );
}

#[test]
fn a_text_that_has_changed_is_told() {
    let tree = Tree::new(&[("a.txt", TEXT.as_bytes())]);
    let contexts = records(&tree, &["review", "--to", "zh-TW", "--confidence", "1", "a.txt"]);
    let mut of_plan = decision(context(&contexts, "划", "他"), 0, "划");
    of_plan["hash"] = "00000000".into();
    tree.write("d.json", file(&[of_plan]).as_bytes());
    // The place is still there.
    tree.run(&["--decisions", "d.json", "a.txt"]).success().stderr_eq(
        "fanjian: a.txt: the text has changed since it was reviewed: the places were found again by their contexts\n",
    );
    tree.write("a.txt", "老板姓于。\n".as_bytes());
    tree.run(&["--decisions", "d.json", "--in-place", "a.txt"]).code(3).stderr_eq(
        "fanjian: a.txt: the text has changed since it was reviewed, and the place of this decision is not there: \
         姓于，名于斯。他[划→划]表计划，又在台阶 (a.txt:1)\n1 file: 1 changed, 0 unchanged, 0 skipped, 0 failed\n",
    );
    tree.has("a.txt", "老闆姓于。\n");
    tree.write("b.txt", "头发".as_bytes());
    tree.run(&["--decisions", "d.json", "b.txt"]).success().stdout_eq("頭髮").stderr_eq(
        "fanjian: d.json: 1 of 1 decisions matched nothing, the first one: 姓于，名于斯。他[划→划]表计划，又在台阶 (a.txt:1)\n",
    );
}

#[test]
fn documents_are_reviewed_and_decided_about() {
    let part = "<html><body><p>她在<b>台</b>阶上。</p><p>她在<b>台</b>阶上。</p></body></html>";
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["one.html", "two.html"] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(part.as_bytes()).unwrap();
    }
    let archive = archive.finish().unwrap().into_inner();
    let tree = Tree::new(&[("a.html", part.as_bytes()), ("a.zip", &archive)]);
    let review = |path: &str| records(&tree, &["review", "--to", "zh-TW", "--confidence", "1", path]);
    let contexts = review("a.html");
    let step = context(&contexts, "台", "在");
    assert_eq!(
        (&step["count"], &step["places"][1]["occurrence"], &step["places"][1]["line"]),
        (&json!(2), &json!(2), &json!(1))
    );
    // A longer text, and one with markup, is at the place of the character.
    tree.write("d.json", file(&[decision(step, 1, "<臺臺>")]).as_bytes());
    let expected = "<html><body><p>她在<b>台</b>階上。</p><p>她在<b>&lt;臺臺&gt;</b>階上。</p></body></html>";
    assert_eq!(converted(&tree, &["--decisions", "d.json", "a.html"]), expected);

    let contexts = review("a.zip");
    let step = context(&contexts, "台", "在");
    assert_eq!(step["count"], 4);
    let place = step["places"].as_array().unwrap().iter().position(|place| place["part"] == "two.html").unwrap();
    tree.write("d.json", file(&[decision(step, place, "臺")]).as_bytes());
    tree.run(&["--decisions", "d.json", "--in-place", "a.zip"]).success();
    let texts = converted(&tree, &["text", "a.zip"]);
    assert_eq!(texts, "她在台階上。\n她在台階上。\n她在臺階上。\n她在台階上。\n");
}

#[test]
fn the_conversion_is_that_of_the_decisions() {
    let tree = Tree::new(&[("a.txt", "软件".as_bytes())]);
    tree.write("d.json", br#"{"fanjian_decisions":1,"options":{"to":"zh-TW","vocabulary":"local"},"decisions":[]}"#);
    assert_eq!(converted(&tree, &["--decisions", "d.json", "a.txt"]), "軟體");
    assert_eq!(converted(&tree, &["--decisions", "d.json", "--vocabulary", "keep", "a.txt"]), "軟件");
    for (arguments, message) in [
        (
            &["--to", "zh-HK", "a.txt"][..],
            "error: d.json: these decisions are about a conversion to zh-TW, and not to zh-HK[..]\n...",
        ),
        (&["-c", "s2t", "a.txt"], "error: the argument '--decisions <FILE>' cannot be used with[..]\n..."),
        (&["--jsonl", "--field", "a", "a.txt"], "error: --decisions cannot be combined with records[..]\n..."),
        (
            &["--invalid-utf8", "pass", "a.txt"],
            "error: --invalid-utf8 pass cannot be combined with --decisions[..]\n...",
        ),
    ] {
        tree.run(&[&["--decisions", "d.json"][..], arguments].concat()).code(2).stderr_eq(message);
    }
    tree.write("d.json", b"{}");
    tree.run(&["--decisions", "d.json", "a.txt"]).code(2).stderr_eq("error: d.json: no file of decisions[..]\n...");
}

/// Otherwise `--in-place` would make the files of the other language Traditional.
#[test]
fn files_of_another_conversion_are_not_decided_about() {
    let tree = Tree::new(&[
        ("fanjian.toml", b"to = \"zh-TW\"\n[[override]]\npaths = [\"cn\"]\nto = \"zh-CN\"\n"),
        ("cn/a.txt", "头发".as_bytes()),
        ("tw/a.txt", "头发".as_bytes()),
    ]);
    tree.write("d.json", file(&[json!({ "scope": "word", "source": "发", "output": "X" })]).as_bytes());
    tree.run(&["--decisions", "d.json", "--in-place", "cn", "tw"]).code(2).stderr_eq(
        "error: cn/a.txt: its fanjian.toml asks for another conversion (zh-Hans) than that of the decisions in d.json \
         (zh-TW): name the files that were reviewed, or use --to zh-TW for all\n...",
    );
    assert_eq!(tree.read("cn/a.txt"), "头发".as_bytes());
    assert_eq!(converted(&tree, &["--decisions", "d.json", "tw"]), "頭X");
    assert_eq!(converted(&tree, &["--decisions", "d.json", "--to", "zh-TW", "cn"]), "頭X");
}

#[test]
fn a_review_takes_the_files_that_a_conversion_takes() {
    let tree = Tree::new(&[
        ("fanjian.toml", b"exclude = [\"old\"]\n[[override]]\npaths = [\"tw\"]\nto = \"zh-TW\"\n"),
        ("old/a.txt", TEXT.as_bytes()),
        ("tw/a.txt", TEXT.as_bytes()),
        ("other/a.txt", TEXT.as_bytes()),
    ]);
    let paths = |arguments: &[&str]| {
        let contexts = records(&tree, &[&["review", "--confidence", "1"][..], arguments].concat());
        let places = contexts.iter().flat_map(|context| context["places"].as_array().unwrap().clone());
        places.map(|place| place["path"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    assert_eq!(paths(&["."]), BTreeSet::from(["tw/a.txt".to_owned()]));
    // What is named is taken, unless that is not wanted.
    assert_eq!(paths(&["--to", "zh-TW", "old/a.txt"]), BTreeSet::from(["old/a.txt".to_owned()]));
    tree.run(&["review", "--to", "zh-TW", "--force-exclude", "--allow-empty", "old/a.txt"]).success().stdout_eq("");
}

#[test]
fn one_place_is_no_places() {
    let tree = Tree::new(&[("a.txt", "计划表".as_bytes())]);
    let places =
        |limit: &str| stderr(&tree.run(&["review", "--to", "zh-TW", "--confidence", limit, "a.txt"]).success());
    assert_eq!(places("0"), "0 doubtful places in 0 contexts\n");
    tree.write("a.txt", "台".as_bytes());
    assert_eq!(places("1"), "1 doubtful place in 1 context\n");
    tree.write("a.txt", "台\n台\n".as_bytes());
    assert_eq!(places("1"), "2 doubtful places in 1 context\n");
}

#[test]
fn preferred_characters_are_a_part_of_the_conversion() {
    let tree = Tree::new(&[("a.txt", "平台".as_bytes())]);
    tree.write("d.json", br#"{"fanjian_decisions":1,"options":{"to":"zh-TW","prefer":["\u81fa"]},"decisions":[]}"#);
    assert_eq!(converted(&tree, &["--decisions", "d.json", "a.txt"]), "平臺");
    assert_eq!(converted(&tree, &["--decisions", "d.json", "--prefer", "台", "a.txt"]), "平台");
}

#[test]
fn protected_text_and_marks_stay() {
    let text = "她在台阶上。\n// fanjian:off\n她在台阶上。\n// fanjian:on\n`台阶` 在台阶上。\n";
    let tree = Tree::new(&[("a.txt", text.as_bytes())]);
    let options = ["--protect-regex", "`[^`]*`", "a.txt"];
    let contexts = records(&tree, &[&["review", "--to", "zh-TW", "--confidence", "1"][..], &options].concat());
    let count: u64 = contexts
        .iter()
        .filter(|context| context["source"] == "台")
        .map(|context| context["count"].as_u64().unwrap())
        .sum();
    assert_eq!(count, 2);
    tree.write("d.json", file(&[json!({ "scope": "word", "source": "台", "output": "臺" })]).as_bytes());
    let expected = "她在臺階上。\n// fanjian:off\n她在台阶上。\n// fanjian:on\n`台阶` 在臺階上。\n";
    assert_eq!(converted(&tree, &[&["--decisions", "d.json"][..], &options].concat()), expected);
}

/// Files in folders, and all but a single one that was named, were replaced by the review of the others.
#[test]
fn a_review_replaces_no_text_but_an_earlier_review() {
    let page = "<p>干了 x。</p>";
    let tree = Tree::new(&[("book/a.html", page.as_bytes()), ("book/b.html", page.as_bytes())]);
    let review = |paths: &[&str], output: &str| {
        tree.run(&[&["review", "--to", "zh-TW", "--quiet"][..], paths, &["-o", output]].concat())
    };
    for paths in [&["book"][..], &["book/a.html", "book/b.html"], &["book/b.html"]] {
        review(paths, "book/b.html")
            .code(2)
            .stderr_eq("error: book/b.html is both input and output: write to another file\n...");
    }
    for name in ["a.html", "b.html"] {
        tree.has(&format!("book/{name}"), page);
    }
    for output in ["book/review.html", "book/review.tsv", "book/review.jsonl"] {
        review(&["book/a.html"], output).success();
        let written = tree.read(output);
        review(&["book"], output).success();
        assert!(tree.read(output).len() >= written.len() && !written.is_empty(), "{output}");
        tree.run(&["--to", "zh-TW", "--in-place", "--quiet", output]).success();
        std::fs::remove_file(tree.path(output)).unwrap();
    }
}
