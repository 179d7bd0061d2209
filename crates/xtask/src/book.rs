//! The documentation as a book: one per language, made by mdBook of `docs/`, with a search that finds parts of Chinese words.

use std::{
    collections::BTreeSet,
    fs,
    path::{Component, Path},
    process::Command,
};

use html5gum::{Token, Tokenizer};
use import::{Result, root};
use pulldown_cmark::{Event, Parser, Tag};
use serde::Serialize;

use crate::programs;

const MDBOOK: &str = "0.5.4";

/// A language: its tag, the folder of its pages, its README.
const BOOKS: [(&str, &str, &str); 3] = [
    ("en", "docs", "README.md"),
    ("zh-TW", "docs/zh-TW", "README.zh-TW.md"),
    ("zh-CN", "docs/zh-CN", "README.zh-CN.md"),
];

/// A part of a page under one heading, as the search sees it.
#[derive(Debug, PartialEq, Serialize)]
struct Section {
    /// The address within the book, with the heading's anchor.
    page: String,
    title: String,
    text: String,
}

/// Makes `target/book/LANGUAGE/index.html`.
pub(crate) fn run() -> Result<()> {
    // Built the first time: some minutes.
    let program = programs::of_cargo("mdbook", MDBOOK, "mdbook", &["--locked", "--no-default-features"])?;
    let folder = root().join("target/book");
    let _ = fs::remove_dir_all(&folder);
    for (language, pages, readme) in BOOKS {
        let source = folder.join("source").join(language);
        let chapters = stage(&source, pages, readme)?;
        let output = folder.join(language);
        fs::write(source.join("book.toml"), settings(language, &output))?;
        let status = Command::new(&program).arg("build").arg(&source).status()?;
        if !status.success() {
            return Err(format!("mdbook cannot build the book in {language} (see above)").into());
        }
        let sections = chapters.iter().map(|chapter| {
            let page = address(chapter);
            let text =
                fs::read_to_string(output.join(&page)).map_err(|error| format!("cannot read {page}: {error}"))?;
            Ok(sections(&page, &text))
        });
        let sections: Vec<_> = sections.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
        fs::write(
            output.join("sections.js"),
            format!("window.fanjianSections = {};\n", serde_json::to_string(&sections)?),
        )?;
        println!("{}: {} pages, {} sections", output.join("index.html").display(), chapters.len(), sections.len());
    }
    Ok(())
}

fn settings(language: &str, output: &Path) -> String {
    format!(
        "[book]\ntitle = \"fanjian\"\nlanguage = \"{language}\"\nsrc = \"src\"\n\n[build]\nbuild-dir = {output:?}\n\
         create-missing = false\n\n[output.html]\nadditional-css = [\"search.css\"]\nadditional-js = [\"sections.js\", \"search.js\"]\n\
         no-section-label = true\nhash-files = false\n\n[output.html.search]\nenable = false\n"
    )
}

/// Copies what the book in a language consists of, in the repository's layout, so that links stay as they are; returns the
/// chapters, relative to the root.
fn stage(source: &Path, pages: &str, readme: &str) -> Result<Vec<String>> {
    let summary = summary(pages)?;
    let chapters: Vec<_> = links(&summary).collect();
    if chapters.first().is_none_or(|first| first != readme) {
        return Err(format!("{pages}/SUMMARY.md: the first page is not {readme}").into());
    }
    let copy = |name: &str| -> Result<()> {
        let target = source.join("src").join(name);
        fs::create_dir_all(target.parent().expect("a file lies in a folder"))?;
        fs::copy(root().join(name), target).map_err(|error| format!("cannot copy {name}: {error}"))?;
        Ok(())
    };
    let listed: BTreeSet<_> = chapters.iter().map(String::as_str).collect();
    let mut faults = Vec::new();
    for chapter in &chapters {
        let mut text =
            fs::read_to_string(root().join(chapter)).map_err(|error| format!("cannot read {chapter}: {error}"))?;
        let links: Vec<_> = links(&text).collect();
        for link in links.into_iter().collect::<BTreeSet<_>>() {
            let Some(target) = resolve(chapter, &link) else { continue };
            let other = BOOKS.iter().find(|(_, _, other)| *other == target && *other != readme);
            match other {
                // From a page of this book up to its root, and on to the book of the other language.
                Some((language, ..)) => {
                    let up = "../".repeat(chapter.matches('/').count() + 1);
                    text = text.replace(&format!("]({link})"), &format!("]({up}{language}/index.html)"));
                }
                None if target.ends_with(".md") && !listed.contains(target.as_str()) => {
                    match elsewhere(&target, &link, chapter, &listed)? {
                        Some(address) => text = text.replace(&format!("]({link})"), &format!("]({address})")),
                        None => faults.push(format!(
                            "{chapter}: the page {link} is in no book: name it in {pages}/SUMMARY.md, or in docs/SUMMARY.md"
                        )),
                    }
                }
                None if root().join(&target).is_file() => copy(&target)?,
                None if root().join(&target).is_dir() => text = without_link(&text, &link),
                None => faults.push(format!("{chapter}: there is no file {link}")),
            }
        }
        let path = source.join("src").join(chapter);
        fs::create_dir_all(path.parent().expect("a page lies in a folder"))?;
        fs::write(path, text)?;
    }
    if !faults.is_empty() {
        return Err(faults.join("\n").into());
    }
    fs::write(source.join("src/SUMMARY.md"), summary)?;
    for name in ["search.css", "search.js"] {
        fs::copy(root().join("docs/book").join(name), source.join(name))?;
    }
    // mdBook wants the file that is written when the pages are there.
    fs::write(source.join("sections.js"), "")?;
    Ok(chapters)
}

/// The address of a page that mdBook has made: of a `README.md` it makes the index of the folder.
fn address(chapter: &str) -> String {
    let path = Path::new(chapter).with_extension("html");
    let path = if path.ends_with("README.html") { path.with_file_name("index.html") } else { path };
    path.display().to_string()
}

/// Makes plain text of the links to a folder, which a book does not have.
fn without_link(text: &str, link: &str) -> String {
    let mut text = text.to_owned();
    let end = format!("]({link})");
    while let Some(at) = text.find(&end) {
        text.replace_range(at..at + end.len(), "");
        if let Some(start) = text[..at].rfind('[') {
            text.remove(start);
        }
    }
    text
}

/// The table of contents of a language, with links relative to the root.
fn summary(pages: &str) -> Result<String> {
    let name = format!("{pages}/SUMMARY.md");
    let mut text = fs::read_to_string(root().join(&name)).map_err(|error| format!("cannot read {name}: {error}"))?;
    for link in links(&text.clone()) {
        let target = resolve(&name, &link).ok_or_else(|| format!("{name}: {link} leads out of the repository"))?;
        text = text.replace(&format!("]({link})"), &format!("]({target})"));
    }
    Ok(text)
}

/// The pages of a book, relative to the root.
fn chapters_of(pages: &str) -> Result<Vec<String>> {
    Ok(links(&summary(pages)?).collect())
}

/// Where a page is that is not in this book: its translation, or the page itself in the English book. None if that has none.
fn elsewhere(page: &str, link: &str, chapter: &str, listed: &BTreeSet<&str>) -> Result<Option<String>> {
    let up = "../".repeat(chapter.matches('/').count());
    let name = page.strip_prefix("docs/").unwrap_or_default();
    let translation = BOOKS.iter().map(|(_, pages, _)| format!("{pages}/{name}"));
    if let Some(page) = translation.into_iter().find(|page| page != chapter && listed.contains(page.as_str())) {
        return Ok(Some(up + &page));
    }
    let is_english = chapters_of("docs")?.iter().any(|english| english == page);
    let anchor = link.find('#').map_or("", |at| &link[at..]);
    Ok(is_english.then(|| format!("{up}../en/{}{anchor}", address(page))))
}

/// The targets of links and pictures.
fn links(text: &str) -> impl Iterator<Item = String> {
    Parser::new(text).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    })
}

/// The file that a link in a file means, relative to the root; None for addresses, places in the page, and files elsewhere.
fn resolve(file: &str, link: &str) -> Option<String> {
    let path = link.split('#').next().filter(|path| !path.is_empty() && !path.contains(':'))?;
    let mut parts: Vec<_> = file.split('/').collect();
    parts.pop();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => parts.push(name.to_str()?),
            Component::ParentDir => drop(parts.pop()?),
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(parts.join("/"))
}

/// The parts of a page that mdBook has made, by the headings with an anchor.
fn sections(page: &str, html: &str) -> Vec<Section> {
    let main = html.split_once("<main>").and_then(|(_, rest)| rest.split_once("</main>")).map_or("", |(main, _)| main);
    let mut sections: Vec<Section> = Vec::new();
    let mut heading = false;
    for token in Tokenizer::new(main).flatten() {
        match token {
            Token::StartTag(tag) if is_heading(&tag.name) => {
                let anchor = tag.attributes.get(b"id".as_slice());
                let anchor = anchor.map(|id| format!("#{}", String::from_utf8_lossy(id))).unwrap_or_default();
                sections.push(Section { page: page.to_owned() + &anchor, title: String::new(), text: String::new() });
                heading = true;
            }
            Token::EndTag(tag) if is_heading(&tag.name) => heading = false,
            Token::String(text) => {
                let Some(section) = sections.last_mut() else { continue };
                let text = String::from_utf8_lossy(&text);
                let place = if heading { &mut section.title } else { &mut section.text };
                place.push_str(&text);
            }
            Token::StartTag(_) | Token::EndTag(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    for section in &mut sections {
        section.text = section.text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    sections
}

fn is_heading(name: &[u8]) -> bool {
    matches!(name, [b'h', b'1'..=b'6'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_resolved_from_its_page() {
        assert_eq!(resolve("docs/zh-TW/command.md", "../design.md#chains").as_deref(), Some("docs/design.md"));
        assert_eq!(resolve("docs/command.md", "../README.md").as_deref(), Some("README.md"));
        assert_eq!(resolve("README.md", "../x.md"), None);
        assert_eq!(resolve("docs/command.md", "#exit-status"), None);
        assert_eq!(resolve("docs/command.md", "https://example.org/a.md"), None);
    }

    #[test]
    fn a_page_is_cut_at_its_headings() {
        let html =
            "<nav>x</nav><main><h1 id=\"a\"><a href=\"#a\">甲</a></h1><p>乙 &amp;\n丙</p><h2 id=\"b\">丁</h2>戊</main>";
        let section = |anchor: &str, title: &str, text: &str| Section {
            page: format!("p.html#{anchor}"),
            title: title.to_owned(),
            text: text.to_owned(),
        };
        assert_eq!(sections("p.html", html), [section("a", "甲", "乙 & 丙"), section("b", "丁", "戊")]);
    }

    /// Every page that a reader reaches from the README is in each book, and every link leads to a file.
    #[test]
    fn the_books_are_complete() {
        for (language, pages, readme) in BOOKS {
            let folder = tempfile::tempdir().unwrap();
            let chapters = stage(folder.path(), pages, readme).unwrap_or_else(|error| panic!("{language}: {error}"));
            assert!(chapters.len() > 10, "{language}: {chapters:?}");
        }
    }
}
