//! Apple's string catalogues: JSON with the localizations of each string.

use std::vec::IntoIter;

use fanjian::Error;

use crate::{
    data::{
        json::plans_of_objects,
        json_reader::{Event, read},
        keys::{Locale, Plan, locale},
    },
    placeholders::message,
    scan::Scan,
};

/// The values of a string in Chinese are messages. The key of their language follows the conversion if the target's is not
/// there; values stay if it is. Keys of strings, and the language that these are in, stay.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let (mut objects, _) = plans_of_objects(source, scan.options)?;
    // Of the objects and arrays around: the key whose value they are, and the plans of their own keys.
    let mut open: Vec<(&str, IntoIter<Plan>)> = Vec::new();
    let (mut key, mut is_taken) = ("", false);
    read(source, |event| match event {
        Event::Object(at) => open.push((std::mem::take(&mut key), objects.remove(&at).unwrap_or_default())),
        Event::Array(_) => open.push((std::mem::take(&mut key), IntoIter::default())),
        Event::End(_) => _ = open.pop(),
        Event::Key(raw) => {
            key = &source[raw.clone()];
            let is_locale = open.len() == 4 && open[1].0 == "strings" && open[3].0 == "localizations";
            let plan = open.last_mut().and_then(|(_, plans)| plans.next()).unwrap_or(Plan::Convert);
            if is_locale {
                let languages = &scan.options.languages;
                let is_chinese = key == "zh" || locale(key, languages) == Some(Locale::Chinese);
                is_taken = is_chinese && plan != Plan::Leave;
                if is_taken && plan == Plan::Rename {
                    scan.tag(raw);
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
