use std::fmt::Write as _;

use fanjian::{Converter, Target};
use fanjian_documents::{Format, Languages, Options, convert_text, fill};

use super::documents;
use crate::Source;

const KEYS: [&str; 6] = ["a", "b", "c", "d.e", "d.f", "g_h"];
/// Keys that are names of languages.
const LANGUAGES: [&str; 3] = ["zh-CN", "zh-TW", "zh-Hant"];
const TEXTS: [&str; 12] =
    ["", "头发", "秀髮", "干杯 %s", "{n} 里", "\\u53d1", "&amp;", "\u{3000}", "a: b", "# a", "|\n  后", "人"];

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let formats: Vec<_> = Format::ALL.iter().filter(|format| format.is_filled()).collect();
    let format = **source.choose(&formats);
    let is_regular = source.one_in(2);
    let target = Catalogue::new(&mut source, format, is_regular);
    // A catalogue with several languages may be its own sibling.
    let is_own = !is_regular && source.one_in(4);
    let sibling = if is_own { target.clone() } else { Catalogue::new(&mut source, format, is_regular) };
    let options = Options::new(Converter::for_target(Target::Taiwan));
    let options = options.languages(Languages::to_target(Target::Taiwan, None));
    let is_read = |text: &str| convert_text(text, format, &options).is_ok();
    let context = || format!("{format}: {:?} filled from {:?}", target.text, sibling.text);
    let filled = match fill(&target.text, &sibling.text, format, &options) {
        Ok(filled) => filled,
        Err(error) => {
            let is_refused = is_regular && is_read(&target.text) && is_read(&sibling.text);
            assert!(!is_refused, "{}: {error}", context());
            return;
        }
    };
    let mut rest = filled.text.chars();
    let has = |character| rest.any(|other| other == character);
    // ASCII may be replaced: the marks of an empty text, and its state.
    let is_kept = target.text.chars().filter(|character| !character.is_ascii()).all(has);
    assert!(is_kept && is_read(&filled.text), "{}, which becomes {:?}", context(), filled.text);
    if is_regular {
        let expected = target.missing(&sibling, format);
        let is_whole = expected.is_none_or(|expected| expected == filled.added.len());
        assert!(is_whole, "{}: {:?} is added, of {expected:?}", context(), filled.added);
        let again = fill(&filled.text, &sibling.text, format, &options).expect("a filled catalogue can be filled");
        let is_same = again.added.is_empty() && again.text == filled.text;
        assert!(is_same, "{}, which becomes {:?}, and then {:?}", context(), filled.text, again.text);
    }
}

#[derive(Clone)]
struct Catalogue {
    text: String,
    /// The keys, and whether each has a text.
    keys: Vec<(&'static str, bool)>,
}

impl Catalogue {
    /// A catalogue as people write it; or, where it is not regular, with keys that are there twice, and some of what a file can have
    /// beside messages.
    fn new(source: &mut Source<'_>, format: Format, is_regular: bool) -> Catalogue {
        let mut all = Catalogue { text: String::new(), keys: Vec::new() };
        if !is_regular && source.one_in(8) {
            all.text = documents::text(source);
            return all;
        }
        let (head, foot) = match format {
            Format::Json | Format::Arb => ("{", "\"\": \"\"}"),
            Format::Xcstrings => ("{\"sourceLanguage\": \"zh-CN\", \"strings\": {", "\"\": {}}}"),
            Format::Android => ("<resources>\n", "</resources>"),
            Format::Resx => ("<root>\n", "</root>"),
            Format::Xliff => ("<xliff version=\"1.2\"><file original=\"a\"><body>\n", "</body></file></xliff>"),
            _ => ("", ""),
        };
        all.text.push_str(head);
        let mut keys = KEYS.to_vec();
        for _ in 0..source.below(KEYS.len()) {
            let place = source.below(keys.len());
            let key = match is_regular {
                true => keys.remove(place),
                false if source.one_in(4) => *source.choose(&LANGUAGES),
                false => keys[place],
            };
            if !is_regular && source.one_in(8) {
                all.text.push_str(source.pick(&documents::PARTS));
            }
            all.entry(source, format, key);
            let ends: &[&str] = if is_regular { &["\n", "\n\n", "\r\n"] } else { &["\n", "\n  ", "\r", ""] };
            all.text.push_str(source.pick(ends));
        }
        all.text.push_str(foot);
        all
    }

    fn entry(&mut self, source: &mut Source<'_>, format: Format, key: &'static str) {
        let value = source.pick(&TEXTS);
        // Blocks are YAML's.
        let value = if format == Format::Yaml { value } else { value.trim_start_matches("|\n  ") };
        self.keys.push((key, !value.is_empty()));
        let comment = *source.choose(&["", "", "", "人", "fanjian:off"]);
        let comment = match format {
            _ if comment.is_empty() => String::new(),
            Format::Strings => format!("/* {comment} */"),
            Format::Android | Format::Resx => format!("<!-- {comment} -->"),
            Format::Json | Format::Arb | Format::Xcstrings | Format::Xliff => String::new(),
            _ => format!("# {comment}"),
        };
        let out = &mut self.text;
        if !comment.is_empty() {
            out.push_str(&comment);
            out.push('\n');
        }
        let quote = if source.one_in(4) { '\'' } else { '"' };
        let written = match format {
            Format::Json | Format::Arb => write!(out, "\"{key}\": \"{value}\", "),
            Format::Xcstrings => {
                let language = source.pick(&["zh-Hans", "zh-Hant", "zh-TW"]);
                let unit = format!("\"stringUnit\": {{\"state\": \"translated\", \"value\": \"{value}\"}}");
                write!(out, "\"{key}\": {{\"localizations\": {{\"{language}\": {{{unit}}}}}}}, ")
            }
            Format::Android => write!(out, "<string name=\"{key}\">{value}</string>"),
            Format::Resx => write!(out, "<data name=\"{key}\"><value>{value}</value></data>"),
            Format::Xliff => {
                write!(out, "<trans-unit id=\"{key}\"><source>{key}</source><target>{value}</target></trans-unit>")
            }
            Format::Po => write!(out, "msgid \"{key}\"\nmsgstr \"{value}\"\n"),
            Format::Toml => write!(out, "{key} = {quote}{value}{quote}"),
            Format::Strings => write!(out, "\"{key}\" = {quote}{value}{quote};"),
            // Without marks, an anchor.
            Format::Yaml if value.starts_with('&') || source.one_in(3) => write!(out, "{key}: {quote}{value}{quote}"),
            Format::Yaml => {
                // Without marks, a comment.
                self.keys.last_mut().expect("the last key").1 &= !value.starts_with('#');
                write!(out, "{key}: {value}")
            }
            Format::Fluent => write!(out, "{} = {value}", key.replace('.', "-")),
            _ => write!(out, "{key} = {value}"),
        };
        written.expect("a string takes all");
    }

    /// How many messages this catalogue lacks of another one. None for formats in which that depends on more.
    fn missing(&self, sibling: &Catalogue, format: Format) -> Option<usize> {
        let find = |key: &str| self.keys.iter().find(|(known, _)| *known == key);
        let is_missing = |key| match find(key) {
            Some((_, has_text)) => !has_text,
            None => format != Format::Xliff,
        };
        let missing = sibling.keys.iter().filter(|(key, has_text)| *has_text && is_missing(key));
        (format != Format::Xcstrings).then(|| missing.count())
    }
}
