//! The page of `fanjian review` in a browser: what it shows, and what the command makes of the decisions that it saves.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use import::{Result, root};
use serde_json::Value;

use crate::{chromium, npm};

pub(crate) mod calibration;

/// The release of the package that drives the browser.
const PLAYWRIGHT: &str = "1.65.1";

/// Texts with doubtful places, one of them twice, and characters that a page could stumble over.
const TEXTS: [(&str, &str); 3] = [
    (
        "book/01.txt",
        "老板姓于，名于斯，是个征人。他划表计划，又在台阶上捣谷。\n</script><script>alert(1)</script> & <b>台阶</b>上的老钟。\n\
         她在台阶上捣谷，云中月里有人。\n",
    ),
    ("book/02.txt", "她在台阶上捣谷，志在四方。\n发了一通脾气，面都没见，就卷着铺盖走了。\n"),
    ("book/03.html", "<p>一<b>只</b>老钟在<i>台</i>上，划着小船的人在后面。</p>\n"),
];

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The command, rather than one that is built
    #[arg(long)]
    binary: Option<PathBuf>,
    /// The browser, rather than the one that is found
    #[arg(long)]
    chromium: Option<PathBuf>,
}

pub(crate) fn run(Arguments { binary, chromium }: &Arguments) -> Result<()> {
    let chromium = chromium::find(chromium.as_deref())?;
    let packages = npm::packages(&[("playwright-core", PLAYWRIGHT)])?;
    let binary = match binary {
        Some(binary) => binary.clone(),
        None => build()?,
    };
    let folder = root().join("target/review-page");
    let work = folder.join("texts");
    for old in [&work, &folder.join("profile")] {
        if old.exists() {
            fs::remove_dir_all(old)?;
        }
    }
    for (path, text) in TEXTS {
        let path = work.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&work))?;
        fs::write(path, text)?;
    }
    let fanjian = |arguments: &[&str]| -> Result<String> {
        let output = Command::new(&binary).args(arguments).current_dir(&work).output()?;
        let errors = String::from_utf8_lossy(&output.stderr);
        check(output.status.success(), format!("fanjian {arguments:?}: {} {errors}", output.status))?;
        Ok(String::from_utf8(output.stdout)?)
    };
    let review = ["review", "--to", "zh-TW", "--confidence", "1", "book"];
    let contexts = fanjian(&review)?;
    fanjian(&[&review[..], &["-o", "review.html"]].concat())?;
    let seen = browse(&chromium, &packages, &work.join("review.html"), &folder)?;
    let contexts: Vec<Value> = contexts.lines().map(serde_json::from_str).collect::<std::result::Result<_, _>>()?;
    check_page(&seen, &contexts)?;
    fanjian(&["--decisions", "../decisions.json", "-O", "out", "book"])?;
    check_decisions(&work, &folder, &seen, &contexts)?;
    let first = fs::read_to_string(folder.join("words.txt"))?;
    fanjian(&["dict", "check", "--to", "zh-TW", "../words.txt"]).or_else(|error| {
        // An entry that changes nothing more is a finding, and no fault of the page.
        if error.to_string().contains("syntax") { Err(error) } else { Ok(String::new()) }
    })?;
    println!("{} cards, all as they should be; words: {}", seen["cards"], first.trim());
    println!("screenshots: {}", folder.display());
    Ok(())
}

/// What the page showed.
fn check_page(seen: &Value, contexts: &[Value]) -> Result<()> {
    let text = |name: &str| seen[name].as_str().unwrap_or_default().to_owned();
    let all = contexts.len();
    for (name, expected) in [
        ("errors", serde_json::json!([])),
        ("requests", serde_json::json!([])),
        ("unlabelled", serde_json::json!([])),
        ("cards", all.min(50).into()),
        ("marked", all.min(50).into()),
        ("start", format!("0 of {all} decided").into()),
        ("pressed", 1.into()),
        ("oneDecided", format!("1 of {all} decided").into()),
        ("second", "1".into()),
        ("twoDecided", format!("2 of {all} decided").into()),
        ("undone", format!("1 of {all} decided").into()),
        ("back", "0".into()),
        ("help", 1.into()),
        ("cleared", format!("2 of {all} decided").into()),
        ("accepted", format!("3 of {all} decided").into()),
        ("decided", 3.into()),
        ("kept", format!("3 of {all} decided").into()),
        ("tooWide", false.into()),
    ] {
        check(seen[name] == expected, format!("{name}: {} and not {expected}", seen[name]))?;
    }
    check(text("before") != text("after"), "a click changes the text")?;
    check(text("typed").contains("<b>字</b>"), "what is typed is text")?;
    let of_file = seen["ofFile"].as_u64().unwrap_or(0);
    check(of_file > 0 && of_file < all as u64, "the filter of files leaves some")?;
    let titles: Vec<_> = seen["titles"].as_array().into_iter().flatten().map(|title| title[1].to_string()).collect();
    check(titles == ["\"待確認之處\"", "\"待确认之处\"", "\"Doubtful places\""], format!("{titles:?}"))?;
    check(contexts.iter().any(|context| context["count"] == 2), "a context is there twice")
}

/// That the command makes what the page showed.
fn check_decisions(work: &Path, folder: &Path, seen: &Value, contexts: &[Value]) -> Result<()> {
    let file: Value = serde_json::from_str(&fs::read_to_string(folder.join("decisions.json"))?)?;
    let decisions = file["decisions"].as_array().cloned().unwrap_or_default();
    check(decisions.len() >= 3, format!("decisions: {decisions:?}"))?;
    let read = |path: &str| -> Result<String> {
        let path = work.join("out").join(path);
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()).into())
    };
    for (number, shown) in [(0, &seen["after"]), (1, &seen["chosenByKey"])] {
        let path = contexts[number]["places"][0]["path"].as_str().unwrap_or_default();
        // The text around, without markup.
        let (text, shown) = (read(path)?, shown.as_str().unwrap_or_default());
        let plain: String = text.split('<').map(|part| part.rsplit('>').next().unwrap_or_default()).collect();
        let is_there = text.contains(shown) || plain.contains(shown);
        check(is_there, format!("{path} has '{shown}', as the page showed:\n{text}"))?;
    }
    Ok(())
}

fn check(is_so: bool, what: impl Into<String>) -> Result<()> {
    if is_so { Ok(()) } else { Err(format!("the page of a review: {}", what.into()).into()) }
}

fn browse(chromium: &Path, packages: &Path, page: &Path, out: &Path) -> Result<Value> {
    let output = Command::new("node")
        .args(["--input-type=module", "--eval", include_str!("page.mjs")])
        .envs([("PACKAGES", packages), ("CHROMIUM", chromium), ("PAGE", page), ("OUT", out)])
        .output()?;
    check(output.status.success(), String::from_utf8_lossy(&output.stderr))?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn build() -> Result<PathBuf> {
    let status =
        Command::new("cargo").args(["build", "--quiet", "--package", "fanjian-cli"]).current_dir(root()).status()?;
    check(status.success(), "the command cannot be built (see above)")?;
    Ok(root().join("target/debug/fanjian"))
}
