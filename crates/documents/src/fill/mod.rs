//! Filling of catalogues: what one has not is taken from its sibling in the other script, converted.

mod android;
mod entries;
mod fluent;
mod json;
mod locales;
mod po;
mod properties;
mod resx;
mod strings;
mod toml;
mod xcstrings;
mod xliff;
mod yaml;

use std::{borrow::Cow, ops::Range, path::Path};

use fanjian::{Config, Converter, Error, ErrorKind, Target};

use crate::{
    convert::{convert_text, groups_of_text},
    encoding::{self, without_mark},
    format::Format,
    language::{Languages, target_of_name, target_of_path},
    lines::line_number,
    options::Options,
    part::scan_source,
    scan::{OFF, ON, Scan},
    scanners::scanner,
};

/// A catalogue that has been filled.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filled {
    /// The catalogue.
    pub text: String,
    /// The keys of what has been added, in the order of the sibling. A key of gettext is the message's identifier, behind its
    /// context and U+0004 if it has one; one of JSON, TOML and YAML is a JSON Pointer (RFC 6901); one of XLIFF is the
    /// file, the unit and the number of the segment from 1 on, with `/` between; one of Android is as in `string/name` or
    /// `string/name/product`.
    pub added: Vec<String>,
    /// For each of these, a line, from 1, of the catalogue that was given: that of its empty message, or the one behind which it
    /// has been put.
    pub added_lines: Vec<usize>,
    /// The keys of what the sibling has not, in the order of the catalogue. It has been left.
    pub stale: Vec<String>,
    /// The line, from 1, of each of these in the catalogue that was given.
    pub stale_lines: Vec<usize>,
}

/// Fills a catalogue with what is missing in it, from its sibling in the other script.
///
/// What is missing is a message that is not in `target` or is empty there, and is not empty in `source`. It is the conversion
/// of that of `source`, and is put behind what it stands behind there. All else of `target` is preserved byte for byte: what
/// people wrote is never replaced. What has been added is marked where the format has a mark, so that it is reviewed: as
/// fuzzy for gettext, with the state `needs-review-translation` for XLIFF 1.2, and `needs_review` for string catalogues.
/// Strings that are not in `target` are not added to XLIFF and string catalogues, for these are made from a program. A string
/// catalogue has all languages, and may be its own sibling; so may JSON and YAML with the names of languages for keys.
///
/// ```
/// use fanjian::{Converter, Target};
/// use fanjian_documents::{Format, Languages, Options, fill};
///
/// # fn main() -> Result<(), fanjian::Error> {
/// let options = Options::new(Converter::for_target(Target::Taiwan)).languages(Languages::to_target(Target::Taiwan, None));
/// let (target, source) = ("{\n  \"hair\": \"秀髮\"\n}\n", "{\n  \"hair\": \"头发\",\n  \"open\": \"打开\"\n}\n");
/// let filled = fill(target, source, Format::Json, &options)?;
/// assert_eq!(filled.text, "{\n  \"hair\": \"秀髮\",\n  \"open\": \"打開\"\n}\n");
/// assert_eq!(filled.added, ["/open"]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Syntax`](ErrorKind::Syntax) if one of them is not in this format; [`Unsupported`](ErrorKind::Unsupported) if catalogues of
/// the format are not filled (see [`is_filled`](Format::is_filled)), or if one of the messages cannot be put into the catalogue as
/// that is written: an alias of YAML, what would become a part of a text that is there, or a mark `fanjian:off` that would leave
/// one as it is. Nothing is filled then.
pub fn fill(target: &str, source: &str, format: Format, options: &Options) -> Result<Filled, Error> {
    let merge = merge(format).ok_or_else(|| {
        let message = format!("{format}: catalogues of this format are not filled; convert the file instead");
        Error::new(ErrorKind::Unsupported, message)
    })?;
    // A key that is added could make a file of a tool of the catalogue; and of a string catalogue, copies are converted.
    // The encoding that is stated is that of the filled catalogue.
    let given = options;
    let keeps_sources = false;
    let options = &Options { manifests: false, keeps_sources, encoding: None, kept_encoding: None, ..options.clone() };
    // Texts are looked for whatever language they are in.
    let marked = options.clone().languages(Languages::default());
    let plain = marked.clone().marks(false);
    let whole = target;
    let written = texts(whole, format, &plain)?;
    let (mark, target) = without_mark(target);
    let mut source = Cow::Borrowed(without_mark(source).1);
    if format == Format::Xcstrings {
        source = Cow::Owned(xcstrings::without_empty(&source, options)?);
    }
    // A catalogue with several languages may be its own sibling.
    let is_own = target == source;
    if is_own && let Some(without) = locales::without_target(&source, format, options)? {
        source = Cow::Owned(without);
    }
    let converted = convert_text(&source, format, options)?.text;
    let Merged { insertions, added, mut stale } = merge(target, &converted, options)?;
    if is_own {
        stale.retain(|(key, _)| !locales::is_of_language(key, options));
    }
    let text = format!("{mark}{}", inserted(target, insertions)?);
    let keys: Vec<String> = added.iter().map(|(key, _)| key.clone()).collect();
    match format {
        Format::Yaml => yaml::check(&text, target, &converted, &keys)?,
        Format::Toml => toml::check(&text, target, &converted, &keys)?,
        _ => {}
    }
    if let Some(first) = keys.first() {
        let filled = texts(&text, format, &plain).map_err(|_| cannot_be_put(first))?;
        check_texts(whole, written, filled, "what is put beside this text would change it")?;
        if marked.marks && text.contains(OFF) {
            let [written, filled] = [whole, &text].map(|text| texts(text, format, &marked));
            check_texts(
                whole,
                written?,
                filled?,
                "a mark fanjian:off of the other catalogue would leave this text as it is",
            )?;
        }
    }
    let ends: Vec<_> = memchr::memchr_iter(b'\n', target.as_bytes()).collect();
    let lines = |keys: Vec<(String, usize)>| -> (Vec<String>, Vec<usize>) {
        keys.into_iter().map(|(key, at)| (key, 1 + ends.partition_point(|&end| end < at))).unzip()
    };
    let ((added, added_lines), (stale, stale_lines)) = (lines(added), lines(stale));
    let text = match scanner(format).filter(|_| text != whole && !text.is_ascii()) {
        Some(scanner) => encoding::stated(text, |text, scan| scan_source(text, scanner, scan), given),
        None => text,
    };
    Ok(Filled { text, added, added_lines, stale, stale_lines })
}

/// A catalogue with these texts in these places.
fn inserted(target: &str, mut insertions: Vec<(Range<usize>, String)>) -> Result<String, Error> {
    // Those at one place stay in the order of the sibling, before what is replaced there.
    insertions.sort_by_key(|(range, _)| (range.start, range.end));
    let (mut text, mut at) = (String::with_capacity(target.len()), 0);
    for (range, new) in insertions {
        let Some(between) = target.get(at..range.start) else {
            let message = "two messages would be put into one place: fill the catalogue by hand";
            return Err(Error::new(ErrorKind::Unsupported, message));
        };
        text.push_str(between);
        text.push_str(&without_marks(&new));
        at = range.end;
    }
    text.push_str(&target[at..]);
    Ok(text)
}

/// A message without comments before it that are marks: what each of them begins or ends stays in the sibling.
fn without_marks(message: &str) -> Cow<'_, str> {
    if !message.contains("fanjian:") {
        return Cow::Borrowed(message);
    }
    let (mut kept, mut rest) = (String::new(), message);
    for line in message.split_inclusive('\n') {
        let text = line.trim();
        let is_comment = text.starts_with(['#', '!'])
            || text.starts_with("//")
            || (text.starts_with("/*") && text.ends_with("*/"))
            || (text.starts_with("<!--") && text.ends_with("-->"));
        if !is_comment && !text.is_empty() {
            break;
        }
        if ![OFF, ON].iter().any(|mark| text.contains(mark)) {
            kept.push_str(line);
        }
        rest = &rest[line.len()..];
    }
    Cow::Owned(kept + rest)
}

/// Checks that each text of a catalogue is still one in `filled`: that no message is within another one.
fn check_texts(target: &str, written: Vec<Text>, filled: Vec<Text>, message: &str) -> Result<(), Error> {
    let mut filled = filled.into_iter();
    match written.into_iter().find(|(text, _)| !filled.any(|(other, _)| other == *text)) {
        None => Ok(()),
        Some((_, start)) => {
            let error = Error::new(ErrorKind::Unsupported, format!("{message}: fill the catalogue by hand"));
            Err(error.on_line(line_number(target, start)))
        }
    }
}

/// A text of a catalogue, and where it begins.
type Text = (String, usize);

/// The texts of a catalogue that a conversion reads, but for those that are empty.
fn texts(catalogue: &str, format: Format, options: &Options) -> Result<Vec<Text>, Error> {
    let groups = groups_of_text(catalogue, format, options)?;
    // Blank lines behind a block of YAML may have come behind another one.
    let texts = groups.iter().map(|group| (group.text.trim().to_owned(), group.start));
    Ok(texts.filter(|(text, _)| !text.is_empty()).collect())
}

/// The error for a message that has no place in a catalogue as that is written: it would become a part of another one.
fn cannot_be_put(key: &str) -> Error {
    let message = format!("{key}: it cannot be put into the catalogue as it is written: add it by hand");
    Error::new(ErrorKind::Unsupported, message)
}

/// The target that a catalogue is of: by the nearest name in `path` that has a tag of Chinese with a script or a region, or
/// else by the name of the language in the catalogue. `source` is its text, or empty.
///
/// ```
/// use std::path::Path;
/// use fanjian::Target;
/// use fanjian_documents::{Format, named_target};
///
/// let target = |path: &str, source: &str| named_target(Path::new(path), source, Format::Po);
/// assert_eq!(target("po/zh_TW.po", ""), Some(Target::Taiwan));
/// assert_eq!(target("zh_HK/LC_MESSAGES/app.po", ""), Some(Target::HongKong));
/// assert_eq!(target("app.po", "msgid \"\"\nmsgstr \"Language: zh_CN\\n\"\n"), Some(Target::Simplified));
/// assert_eq!(target("app.po", ""), None);
/// ```
#[must_use]
pub fn named_target(path: &Path, source: &str, format: Format) -> Option<Target> {
    target_of_path(path).or_else(|| {
        let options = Options::new(Converter::new(Config::default()));
        let source = without_mark(source).1;
        let mut scan = Scan::new(&options);
        scanner(format)?(source, &mut scan).ok()?;
        let mut targets = scan.tags.iter().filter_map(|tag| target_of_name(&source[tag.raw.clone()]));
        let first = targets.next()?;
        targets.all(|target| target == first).then_some(first)
    })
}

impl Format {
    /// Whether [`fill`] fills documents of this format.
    #[must_use]
    pub fn is_filled(self) -> bool {
        merge(self).is_some()
    }

    /// The formats of which this is so.
    pub fn filled() -> impl Iterator<Item = Format> {
        Format::ALL.iter().copied().filter(|format| format.is_filled())
    }
}

/// How documents of a format are filled.
fn merge(format: Format) -> Option<Merge> {
    Some(match format {
        Format::Po => |target, source, _| po::merge(target, source),
        Format::Xliff => |target, source, _| xliff::merge(target, source),
        Format::Json => |target, source, _| json::merge(target, source, false),
        Format::Arb => |target, source, _| json::merge(target, source, true),
        Format::Yaml => |target, source, _| yaml::merge(target, source),
        Format::Android => |target, source, _| android::merge(target, source),
        Format::Properties => |target, source, _| properties::merge(target, source),
        Format::Strings => |target, source, _| strings::merge(target, source),
        Format::Xcstrings => xcstrings::merge,
        Format::Fluent => |target, source, _| Ok(fluent::merge(target, source)),
        Format::Resx => |target, source, _| resx::merge(target, source),
        Format::Toml => |target, source, _| toml::merge(target, source),
        _ => return None,
    })
}

/// Finds what is missing in a target, in a source that has been converted.
type Merge = fn(&str, &str, &Options) -> Result<Merged, Error>;

/// What is to be added to a catalogue.
#[derive(Debug, Default)]
struct Merged {
    /// Places of the catalogue, most of them empty, and their new text.
    insertions: Vec<(Range<usize>, String)>,
    /// Keys, and where they are put, or where what they are the value of is.
    added: Vec<(String, usize)>,
    /// Keys, and where what they are of begins in the target.
    stale: Vec<(String, usize)>,
}

/// A part of the source whose lines are indented as those from `at` of the target on.
fn reindented(source: &str, raw: &Range<usize>, target: &str, at: usize) -> String {
    let (old, new) = (line_indentation(source, raw.start), line_indentation(target, at));
    reindented_to(&source[raw.clone()], old, new, line_end(target))
}

/// A text whose lines but for the first are indented by `new` in place of `old`.
fn reindented_to(text: &str, old: &str, new: &str, newline: &str) -> String {
    let mut lines = text.lines();
    let mut reindented = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        reindented.push_str(newline);
        let rest = line.strip_prefix(old).filter(|_| !line.trim().is_empty());
        reindented.extend(rest.map(|_| new));
        reindented.push_str(rest.unwrap_or(line));
    }
    reindented
}

/// The white space at the beginning of the line that has this byte.
fn line_indentation(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Where what a catalogue is about ends: the comments at its top, and the blank line behind them. Comments without one belong to
/// what follows.
fn top_end(text: &str) -> usize {
    let (mut at, mut end) = (0, 0);
    for line in text.split_inclusive('\n') {
        at += line.len();
        match line.trim() {
            "" => end = at,
            // Not an obsolete entry of gettext.
            comment if comment.starts_with('#') && !comment.starts_with("#~") => {}
            _ => break,
        }
    }
    end
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// The line ends of a text, by its first one.
fn line_end(text: &str) -> &'static str {
    match memchr::memchr(b'\n', text.as_bytes()) {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
