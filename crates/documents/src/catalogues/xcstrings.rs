//! Apple's string catalogues: JSON with the localizations of each string.

use std::{collections::HashSet, vec::IntoIter};

use fanjian::Error;

use crate::{
    data::{
        Rules,
        json::plans_of_objects,
        json_reader::{Event, read},
        keys::{Locale, Plan, is_chinese_of_form, locale},
    },
    language::Style,
    placeholders::message,
    scan::{Scan, TagForm},
};

/// The values of a string in Chinese are messages. The key of their language follows the conversion if the target's is not
/// there; values stay if it is. Keys of strings, and the language that these are in, stay; and so do the texts in this language,
/// and strings that are not to be translated.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let (mut objects, _) = plans_of_objects(source, Rules::default(), scan.options)?;
    let facts = Facts::read(source)?;
    // Of the objects and arrays around: the key whose value they are, where they begin, and the plans of their own keys.
    let mut open: Vec<(&str, usize, IntoIter<Plan>)> = Vec::new();
    let (mut key, mut is_taken) = ("", false);
    read(source, |event| match event {
        Event::Object(at) => open.push((std::mem::take(&mut key), at, objects.remove(&at).unwrap_or_default())),
        Event::Array(at) => open.push((std::mem::take(&mut key), at, IntoIter::default())),
        Event::End(_) => _ = open.pop(),
        Event::Key(raw) => {
            key = &source[raw.clone()];
            let plan = open.last_mut().and_then(|(.., plans)| plans.next()).unwrap_or(Plan::Convert);
            if is_of_localizations(&open) {
                let languages = &scan.options.languages;
                let is_source =
                    scan.options.keeps_sources && key == facts.source_language && languages.renamed(key).is_some();
                let plan = match key {
                    _ if is_source || facts.left.contains(&open[2].1) => Plan::Leave,
                    // In a string catalogue, this is a language, and follows if no other one is there that does.
                    "zh" if languages.renamed(key).is_none() => Plan::Convert,
                    "zh" if facts.with_others.contains(&open[3].1) => Plan::Leave,
                    "zh" => Plan::Rename,
                    _ if locale(key, languages) == Some(Locale::Chinese) => plan,
                    _ => Plan::Leave,
                };
                is_taken = plan != Plan::Leave;
                if plan == Plan::Rename {
                    scan.tag_in_form(raw, TagForm::Tag(Style::Apple));
                }
            }
        }
        Event::String(raw, escape) => {
            if is_taken && open.len() > 4 && open[3].0 == "localizations" && key == "value" {
                message(source, raw, escape, scan);
            }
        }
        Event::Other(_) => {}
        Event::Comment(raw) => scan.comment(&source[raw]),
    })
}

/// Whether the innermost of the objects around has the localizations of a string.
fn is_of_localizations<T>(open: &[(&str, usize, T)]) -> bool {
    open.len() == 4 && open[1].0 == "strings" && open[3].0 == "localizations"
}

/// What has to be known before the texts are read. Objects are named by where they begin.
#[derive(Debug, Default)]
struct Facts<'s> {
    source_language: &'s str,
    /// The strings that are not to be translated.
    left: HashSet<usize>,
    /// The localizations with Chinese of a script or a region.
    with_others: HashSet<usize>,
}

impl<'s> Facts<'s> {
    fn read(source: &'s str) -> Result<Facts<'s>, Error> {
        let mut facts = Facts::default();
        let mut open: Vec<(&str, usize, ())> = Vec::new();
        let mut key = "";
        read(source, |event| match event {
            Event::Object(at) | Event::Array(at) => open.push((std::mem::take(&mut key), at, ())),
            Event::End(_) => _ = open.pop(),
            Event::Key(raw) => {
                key = &source[raw];
                if is_of_localizations(&open) && is_chinese_of_form(key) {
                    facts.with_others.insert(open[3].1);
                }
            }
            Event::String(raw, _) if open.len() == 1 && key == "sourceLanguage" => facts.source_language = &source[raw],
            Event::Other(raw) => {
                let is_of_string = open.len() == 3 && open[1].0 == "strings";
                if is_of_string && key == "shouldTranslate" && &source[raw] == "false" {
                    facts.left.insert(open[2].1);
                }
            }
            _ => {}
        })?;
        Ok(facts)
    }
}
