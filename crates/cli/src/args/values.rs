//! Values of options: names from the tables of their types, sizes, separators, metrics.

use std::{ffi::OsStr, fmt::Display, str::FromStr};

use clap::{
    Arg, Command,
    builder::{PossibleValue, TypedValueParser},
    error::ErrorKind,
};
use fanjian::{Config, Error, Named, Target};
use fanjian_dictionary::named;
use fanjian_documents::Format as DocumentFormat;
use fanjian_records::Metric;

use crate::{
    io::encodings::{Encoding, FromEncoding},
    messages::{self, message},
};

named! {
    /// The form in which a subcommand answers.
    #[derive(Default)]
    pub(crate) enum AnswerFormat: "format" {
        #[default]
        Text "text" "lines for people",
        Json "json" "JSON for programs, an object a line",
    }
}

named! {
    /// The search engine that mappings are written for.
    pub(crate) enum MappingFormat: "format of mappings" {
        Elasticsearch "elasticsearch" "for mappings_path of the character filter `mapping`, also of OpenSearch",
        Solr "solr" "for solr.MappingCharFilterFactory, also of Lucene",
    }
}

/// Parser of a value that has a name, by the table of its type.
#[derive(Clone)]
pub(crate) struct ByName<T> {
    /// Each value with its name and its description.
    values: Vec<(T, &'static str, &'static str)>,
    parse: fn(&str) -> Result<T, Error>,
    /// What is wrong with a value that is none, where that is not the name alone.
    wrong: fn(&str) -> Option<String>,
    /// A way out for a value that another option would take.
    hint: fn(&str) -> Option<String>,
}

/// The parser of any type with a table of names.
pub(crate) fn by_name<T: Named>() -> ByName<T> {
    let values = T::ALL.iter().map(|&value| (value, value.name(), value.description())).collect();
    ByName { values, parse: T::from_name, wrong: |_| None, hint: |_| None }
}

/// A value of `--prefer`: one of the known characters.
pub(crate) fn preferred_character(value: &str) -> Result<char, Error> {
    let mut characters = value.trim().chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => fanjian::check_preferable(character).map(|()| character),
        _ => {
            let characters: Vec<_> = value.trim().chars().map(String::from).collect();
            let written = if characters.is_empty() { "臺,裏".to_owned() } else { characters.join(",") };
            let message = message!("'{value}' is not one character: write {written}", value, written);
            Err(Error::new(fanjian::ErrorKind::Config, message))
        }
    }
}

/// The parser of `--to`, which takes no configuration and no encoding.
pub(crate) fn target() -> ByName<Target> {
    let hint = |value: &str| {
        let config = value
            .parse::<Config>()
            .ok()
            .map(|config| message!("'{word}' is a configuration: use -c {config}", word = value, config));
        config.or_else(|| {
            is_encoding(value).then(|| message!("'{word}' is an encoding: use --to-encoding {word}", word = value))
        })
    };
    let mut values = by_name::<Target>().values;
    values.insert(1, (Target::Simplified, "zh-CN", "Simplified, the same as zh-Hans"));
    ByName { wrong: several_targets, hint, values, ..by_name() }
}

/// The parser of `--from`, which takes no encoding.
pub(crate) fn source_script() -> ByName<Target> {
    let hint = |value: &str| {
        is_encoding(value).then(|| message!("'{word}' is an encoding: use --from-encoding {word}", word = value))
    };
    ByName { wrong: several_targets, hint, ..by_name() }
}

/// The message for a name that several targets have.
fn several_targets(value: &str) -> Option<String> {
    let targets: Vec<_> = Target::several(value)
        .map(|target| {
            let description = messages::text(target.description());
            message!("{tag} for {description}", tag = target.tag(), description)
        })
        .collect();
    let targets = (!targets.is_empty()).then(|| targets.join(&message!("; ")))?;
    Some(message!("'{value}' can be several targets: {targets}", value, targets))
}

fn is_encoding(value: &str) -> bool {
    Encoding::parse(value).is_ok()
}

/// Parser of a value of which only some are listed, for completions.
#[derive(Clone)]
pub(crate) struct Open<T> {
    listed: Vec<(&'static str, &'static str)>,
    parse: fn(&str) -> Result<T, String>,
}

/// The parser of `--config`. The names of files are known only when they are searched for.
pub(crate) fn configuration() -> Open<String> {
    let listed = Config::ALL.iter().map(|config| (config.name(), config.description())).collect();
    Open { listed, parse: |name| Ok(name.to_owned()) }
}

/// The encodings that Chinese texts have.
const ENCODINGS: [(&str, &str); 10] = [
    ("utf-8", "UTF-8"),
    ("utf-16le", "UTF-16, little-endian"),
    ("utf-16be", "UTF-16, big-endian"),
    ("gbk", "GBK, of the mainland"),
    ("gb18030", "GB 18030, of the mainland"),
    ("big5", "Big5, of Taiwan"),
    ("big5-hkscs", "Big5 with the characters of Hong Kong"),
    ("shift_jis", "Shift_JIS, of Japan"),
    ("euc-jp", "EUC-JP, of Japan"),
    ("iso-2022-jp", "ISO-2022-JP, of Japan"),
];

/// The parser of `--from-encoding`.
pub(crate) fn from_encoding() -> Open<FromEncoding> {
    let listed = [("auto", "detect the encoding")].into_iter().chain(ENCODINGS).collect();
    Open { listed, parse: str::parse }
}

/// The parser of `--to-encoding`.
pub(crate) fn to_encoding() -> Open<Encoding> {
    Open { listed: ENCODINGS.to_vec(), parse: str::parse }
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Open<T> {
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, clap::Error> {
        let wrong = |message: &str| {
            let option = arg.map_or_else(String::new, |arg| format!("{arg}: "));
            command.clone().error(ErrorKind::InvalidValue, format!("{option}{message}"))
        };
        let value = value.to_str().ok_or_else(|| wrong("not UTF-8"))?;
        (self.parse)(value).map_err(|message| {
            let meant = named::similar(value, self.listed.iter().map(|(name, _)| *name));
            wrong(&match meant {
                Some(meant) => format!("{message}\n\n  tip: {}", message!("did you mean '{meant}'?", meant)),
                None => message,
            })
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.listed.iter().map(|(name, description)| PossibleValue::new(name).help(description))))
    }
}

impl<T> ByName<T> {
    /// The message about a value that is none, in another language than English, in which the types have it.
    fn unknown(&self, value: &str) -> String {
        let names = self.values.iter().map(|(_, name, _)| *name);
        let expected = names.clone().collect::<Vec<_>>().join(", ");
        match named::similar(value, names) {
            Some(meant) => {
                message!(
                    "'{value}' is no value of this option: did you mean '{meant}'? Expected one of {expected}",
                    value,
                    meant,
                    expected
                )
            }
            None => message!("'{value}' is no value of this option; expected one of {expected}", value, expected),
        }
    }
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for ByName<T> {
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, clap::Error> {
        let value = value.to_string_lossy();
        (self.parse)(&value).map_err(|error| {
            let option = arg.map_or_else(String::new, |arg| format!("{arg}: "));
            let error = (self.wrong)(&value).unwrap_or_else(|| match messages::is_english() {
                true => error.to_string(),
                false => self.unknown(&value),
            });
            let hint = (self.hint)(&value).map_or_else(String::new, |hint| format!("\n\n  tip: {hint}"));
            command.clone().error(ErrorKind::InvalidValue, format!("{option}{error}{hint}"))
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values = self.values.iter().map(|(_, name, description)| PossibleValue::new(name).help(description));
        Some(Box::new(values))
    }
}

/// The value of `--detect`: metrics, and the names under which they are added.
#[derive(Clone, Debug)]
pub(crate) struct AddedMetrics(pub(crate) Vec<(Metric, String)>);

impl FromStr for AddedMetrics {
    type Err = Error;

    fn from_str(added: &str) -> Result<AddedMetrics, Error> {
        if added == "scores" {
            let counts = Metric::ALL.iter().copied().filter(|metric| metric.is_score());
            return Ok(AddedMetrics(counts.map(|metric| (metric, metric.name().to_owned())).collect()));
        }
        let (metric, name) = added.split_once('=').unwrap_or((added, added));
        Ok(AddedMetrics(vec![(metric.parse()?, name.to_owned())]))
    }
}

/// The value of `--field` or `--column`: the place of texts; and their format behind `:as=`, if they are documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field<T> {
    pub(crate) place: T,
    pub(crate) format: Option<DocumentFormat>,
}

impl<T: FromStr<Err: Display>> FromStr for Field<T> {
    type Err = String;

    fn from_str(field: &str) -> Result<Field<T>, String> {
        // In a name in quotes, these characters are a part of the name.
        let suffix = field.rsplit_once(":as=").filter(|(_, format)| !format.contains(['"', ']']));
        let (place, format) = match suffix {
            Some((place, format)) => (place, Some(text_format(format)?)),
            None => (field, None),
        };
        Ok(Field { place: place.parse().map_err(|error: T::Err| error.to_string())?, format })
    }
}

/// A format of documents that are texts.
fn text_format(name: &str) -> Result<DocumentFormat, String> {
    let texts = DocumentFormat::ALL.iter().filter(|format| !format.is_container()).map(|format| format.name());
    match name.parse::<DocumentFormat>() {
        Ok(format) if format.is_container() => Err(message!(
            "a field cannot be of the format {format}, which is an archive; expected one of {formats}",
            format,
            formats = texts.collect::<Vec<_>>().join(", ")
        )),
        Ok(format) => Ok(format),
        Err(_) => Err(named::unknown("document format", name, texts).to_string()),
    }
}

/// A separator of columns: a character of ASCII, or `TAB`.
pub(crate) fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "TAB" | "tab" | "\\t" => Ok(b'\t'),
        _ if text.len() == 1 && !matches!(text, "\"" | "\n" | "\r") => Ok(text.as_bytes()[0]),
        _ => Err(messages::text("expected one ASCII character other than a quotation mark or a line end, or TAB")),
    }
}

/// A number of bytes, such as 64M.
pub(crate) fn size(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|unit: char| unit.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return Err(message!("expected a number of bytes, or one followed by K, M or G")),
    };
    let number = digits.parse::<usize>().ok().and_then(|number| number.checked_mul(unit));
    number.filter(|&number| number > 0).ok_or_else(|| message!("expected a number of bytes, from 1"))
}

/// A share, from 0 to 1.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| message!("expected a number from 0 to 1"))
}

#[cfg(test)]
mod tests {
    use fanjian_clean::GlossMode;
    use fanjian_records::Missing;

    use super::*;

    fn parse<T: Clone + Send + Sync + 'static>(parser: &ByName<T>, value: &str) -> Result<T, String> {
        parser.parse_ref(&Command::new("x"), None, value.as_ref()).map_err(|error| error.to_string())
    }

    fn parse_open<T: Clone + Send + Sync + 'static>(parser: &Open<T>, value: &str) -> Result<T, String> {
        parser.parse_ref(&Command::new("x"), None, value.as_ref()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_wrong_name_gets_a_hint() {
        assert_eq!(parse(&by_name(), "ZH_tw"), Ok(Target::Taiwan));
        let error = parse(&by_name::<Target>(), "zh-TV").unwrap_err();
        assert!(error.starts_with("error: unknown target 'zh-TV': did you mean 'zh-TW'? Expected one of "), "{error}");
        assert_eq!(parse(&target(), "台灣"), Ok(Target::Taiwan));
        assert!(parse(&target(), "S2TW").unwrap_err().contains("tip: 'S2TW' is a configuration: use -c s2tw"));
        assert!(parse(&target(), "gbk").unwrap_err().contains("tip: 'gbk' is an encoding: use --to-encoding gbk"));
        let error = parse_open(&from_encoding(), "gkb").unwrap_err();
        assert!(error.contains("unknown encoding 'gkb'; ") && error.contains("tip: did you mean 'gbk'?"), "{error}");
        assert_eq!(parse_open(&configuration(), "mine.json"), Ok("mine.json".to_owned()));
        let error = parse(&source_script(), "gbk").unwrap_err();
        assert!(error.contains("tip: 'gbk' is an encoding: use --from-encoding gbk"), "{error}");
        assert_eq!(parse(&by_name::<GlossMode>(), "repair"), Ok(GlossMode::Repair));
        assert!(parse(&by_name::<GlossMode>(), "wash").is_err());
        assert_eq!(parse(&by_name::<Missing>(), "error"), Ok(Missing::Error));
        let error = parse(&by_name::<Missing>(), "drip").unwrap_err();
        assert!(error.starts_with("error: unknown treatment of missing text 'drip': did you mean 'drop'?"), "{error}");
    }

    #[test]
    fn a_field_may_have_a_format() {
        let read = |field: &str| {
            let field: Field<fanjian_records::Path> = field.parse()?;
            Ok::<_, String>((field.place.to_string(), field.format))
        };
        let html = Some(DocumentFormat::Html);
        assert_eq!(read("text"), Ok(("text".to_owned(), None)));
        assert_eq!(read("meta.page:as=html"), Ok(("meta.page".to_owned(), html)));
        assert_eq!(read("dc:title:as=HTML"), Ok(("dc:title".to_owned(), html)));
        assert_eq!(read(r#"["a:as=html"]"#), Ok(("a:as=html".to_owned(), None)));
        assert_eq!(read(r#"["a.b"]:as=html"#), Ok((r#"["a.b"]"#.to_owned(), html)));
        assert_eq!(read("as=html"), Ok(("as=html".to_owned(), None)));
        assert!(
            read("a:as=htl").unwrap_err().starts_with(
                "unknown document format 'htl': did you mean 'html'? Expected one of html, xhtml, srt, vtt,"
            )
        );
        assert!(read("a:as=").unwrap_err().starts_with("unknown document format ''"));
        let archive = "a field cannot be of the format epub, which is an archive; expected one of html, xhtml, srt,";
        assert!(read("a:as=epub").unwrap_err().starts_with(archive));
        assert!(read(":as=html").unwrap_err().contains("expected a name"));
        let column: Field<String> = "网页:as=markdown".parse().unwrap();
        assert_eq!((&*column.place, column.format), ("网页", Some(DocumentFormat::Markdown)));
    }

    #[test]
    fn sizes_separators_and_shares_are_read() {
        assert_eq!((size("64"), size("2k"), size("1G")), (Ok(64), Ok(2048), Ok(1 << 30)));
        assert!(["", "0", "1x", "-1", "99999999999G"].iter().all(|text| size(text).is_err()));
        assert_eq!((delimiter("TAB"), delimiter(";")), (Ok(b'\t'), Ok(b';')));
        assert!(["", "\"", "ab", "頭"].iter().all(|text| delimiter(text).is_err()));
        assert_eq!((share("0.5"), share("2").is_err()), (Ok(0.5), true));
    }
}
